// Reports what a learner does with a video, by xAPI's video profile:
// https://w3id.org/xapi/video
import { report } from './course.js';

const profile = 'https://w3id.org/xapi/video';
const extension = (name) => `${profile}/extensions/${name}`;

/** The profile asks for no more. @param {number} seconds */
const in_milliseconds = (seconds) => Math.round(seconds * 1000) / 1000;

/**
 * @param {HTMLVideoElement} video
 * @param {{object: object, context: object}} about of all its events
 */
export function follow_video(video, { object, context }) {
  const session_id = random_uuid();
  // What was played, as pairs of seconds; the last pair is open while it plays.
  const segments = [];
  let playing_from = null;
  let seeking_from = null;
  let seeking_to = 0;
  let last_time = 0;
  let at_end = false;
  let begun = false;
  let completed = false;

  function say(verb, extensions, rest) {
    report(verb, {
      object,
      context: {
        ...context,
        contextActivities: { ...context.contextActivities, category: [{ id: profile }] },
        extensions: {
          [extension('session-id')]: session_id,
          [extension('length')]: in_milliseconds(video.duration),
        },
      },
      ...rest,
      result: { extensions: { ...extensions } },
    });
  }

  const moment = (name, seconds) => ({ [extension(name)]: in_milliseconds(seconds) });

  function close_segment(end) {
    if (playing_from === null) return;
    if (end > playing_from) segments.push([playing_from, end]);
    playing_from = null;
  }

  /** How much of it was played, and which parts. */
  const played = () => ({
    [extension('progress')]: in_milliseconds(covered(segments) / video.duration),
    [extension('played-segments')]: segments
      .map((pair) => pair.map(in_milliseconds).join('[.]'))
      .join('[,]'),
  });

  video.addEventListener('play', () => {
    if (!begun) say('initialized', {});
    begun = true;
    playing_from = at_end ? 0 : video.currentTime;
    say('played', moment('time', playing_from));
  });

  video.addEventListener('pause', () => {
    // At its end a video says "pause" and "ended"; while it is dragged, "pause" and "seeking".
    if (video.ended || seeking_from !== null) return;
    close_segment(video.currentTime);
    say('paused', { ...moment('time', video.currentTime), ...played() });
  });

  video.addEventListener('timeupdate', () => {
    if (!video.seeking) last_time = video.currentTime;
  });

  video.addEventListener('seeking', () => {
    if (seeking_from === null) seeking_from = last_time;
    seeking_to = video.currentTime;
    // What ended is closed already; "play" may have opened the next before the browser goes there.
    if (at_end) playing_from = null;
    else close_segment(seeking_from);
  });

  video.addEventListener('seeked', () => {
    const start = seeking_from ?? seeking_to;
    seeking_from = null;
    last_time = seeking_to;
    if (!video.paused) playing_from = seeking_to;
    // From its end a browser goes back to the start by itself.
    const begins_anew = at_end && seeking_to === 0;
    at_end = false;
    if (!begun || begins_anew || seeking_to === start) return;
    say('seeked', { ...moment('time-to', seeking_to), ...moment(`time-from`, start) });
  });

  video.addEventListener('ended', () => {
    close_segment(video.duration);
    at_end = true;
    const whole = covered(segments) / video.duration > 0.95;
    if (!whole || completed) {
      say('paused', { ...moment('time', video.duration), ...played() });
      return;
    }
    completed = true;
    say('completed', { ...moment('time', video.duration), ...played() }, { completion: true });
  });
}

/** Seconds that at least one of the segments covers. @param {[number, number][]} segments */
function covered(segments) {
  let sum = 0;
  let end = 0;
  for (const [from, to] of [...segments].sort((left, right) => left[0] - right[0])) {
    sum += Math.max(0, to - Math.max(from, end));
    end = Math.max(end, to);
  }
  return sum;
}

/** crypto.randomUUID() wants a secure context, which a course may not have. */
function random_uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
