// Mistakes that somebody could make in the delivery engine. Each is planted alone; the tests of the
// delivery engine must notice it.

/**
 * @typedef {object} Bug
 * @property {string} name what would go wrong
 * @property {string} file
 * @property {string} right stands in the file exactly once
 * @property {string} wrong takes its place
 */

const outcome = 'core/src/delivery/engine_outcome.cpp';
const isolation = 'core/src/delivery/engine_isolation.cpp';
const look_up = 'core/src/delivery/engine_look_up.cpp';
const engine = 'core/src/delivery/engine.cpp';
const selection = 'core/src/delivery/selection.cpp';
const verdict = 'core/src/delivery/verdict.cpp';

/** @type {Bug[]} */
export const bugs = [
  {
    name: 'an entry that the answer does not list is taken for stored',
    file: outcome,
    right: 'answers[i] == kUnlisted || answers[i] == EntryAnswer::Unsent',
    wrong: 'answers[i] == EntryAnswer::Unsent',
  },
  {
    name: 'a refused entry is taken for stored',
    file: outcome,
    right: ': answers[i] == EntryAnswer::Refused ? settlement.buried',
    wrong: ': answers[i] == EntryAnswer::Refused ? settlement.removed',
  },
  {
    name: 'any success of an LRS is taken for stored',
    file: verdict,
    right: 'case 204: return outcome.extent == Extent::None ? Verdict::Blocked : Verdict::Stored;',
    wrong: 'case 204: return Verdict::Stored;',
  },
  {
    name: 'an overloaded LRS is taken to refuse its statements',
    file: verdict,
    right: 'case 429: return Verdict::SlowDown;\n    case 500',
    wrong: 'case 429: return Verdict::Refused;\n    case 500',
  },
  {
    name: 'Retry-After is not obeyed',
    file: outcome,
    right: 'if (outcome.retry_after) asked_until_ = now + bounded_retry_after(outcome);',
    wrong: '',
  },
  {
    name: 'the wait after a failure is forgotten',
    file: outcome,
    right: 'retry_at_ = now + delay;',
    wrong: 'retry_at_ = now;',
  },
  {
    name: 'an outage is never over',
    file: outcome,
    right: '  retry_at_ = asked_until_;\n  clear_outage();',
    wrong: '  retry_at_ = asked_until_;',
  },
  {
    name: 'a block is never lifted',
    file: outcome,
    right: 'if (blocked_) lift_block();\n  // After',
    wrong: '// After',
  },
  {
    name: 'where all is refused all is buried',
    file: isolation,
    right: 'if (is_suspect && !isolate_anyway_) {',
    wrong: 'if (false && is_suspect) {',
  },
  {
    name: 'an outage buries its victims',
    file: isolation,
    right: 'if (others_stored >= limits::kOthersStoredMin) {',
    wrong: 'if (true) {',
  },
  {
    name: 'a failed batch is halved at once, though it may be stored',
    file: isolation,
    right: 'first != nullptr && first->may_be_stored',
    wrong: 'first != nullptr && first->entry.bytes == 0',
  },
  {
    name: 'a conflict with another content is taken for stored',
    file: look_up,
    right: 'case Found::Different: return bury(key, BurialReason::Conflict, 409);',
    wrong: 'case Found::Different: return already_there(key, true, now);',
  },
  {
    name: 'what is not found after a conflict is looked up for ever',
    file: look_up,
    right: 'if (++piece.absences >= limits::kAbsencesMax)',
    wrong: 'if (piece.absences >= limits::kAbsencesMax)',
  },
  {
    name: 'a retrying entry is overtaken by the next of its lane',
    file: selection,
    right: '    lane->second = kHeldBack;\n    return true;',
    wrong: '    draft_by_lane_.erase(lane);\n    return true;',
  },
  {
    name: 'entries of two groups share a batch',
    file: selection,
    right: 'draft_by_kind_.try_emplace({waiting.entry.group, waiting.piece}, drafts_.size());',
    wrong: 'draft_by_kind_.try_emplace({std::string_view(), waiting.piece}, drafts_.size());',
  },
  {
    name: 'a batch has more bytes than it may',
    file: selection,
    right: 'draft.bytes + entry.bytes > bounds_.bytes_max',
    wrong: 'draft.bytes > bounds_.bytes_max',
  },
  {
    name: 'what was appended beyond the window is forgotten',
    file: engine,
    right: '    unread_ = true;\n    missed_through_',
    wrong: '    missed_through_',
  },
  {
    name: 'what was appended during a load is forgotten',
    file: engine,
    right: 'unread_ = more || missed_through_ > known_through_;',
    wrong: 'unread_ = more;',
  },
  {
    name: 'a queue that could not be read is not read again',
    file: engine,
    right: 'if (unreadable) load_retry_at_ = now + Duration{limits::kLoadRetryMs};',
    wrong: 'if (unreadable) unread_ = false;',
  },
  {
    name: 'a clock that was set back stops the sending',
    file: engine,
    right: '    move_back(retry_at_, back);\n',
    wrong: '',
  },
];
