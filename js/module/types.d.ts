/** Connects the page to the relay at this address. Calling it again gives the same. */
export function connect(where: {
  /** The relay's path or URL, such as '/waypost', without the name of its script. */
  relay: string;
}): Waypost;

export interface Waypost {
  /** Reports that the learner did this. */
  (verb: string, event?: Omit<Event, 'verb'>): Promise<Captured>;
  track(event: Event): Promise<Captured>;
  /** Says once what holds for all events of the page from now on. */
  defaults(defaults: Defaults): Promise<void>;
  on<Name extends keyof News>(name: Name, listener: (detail: News[Name]) => void): Promise<void>;
  off<Name extends keyof News>(name: Name, listener: (detail: News[Name]) => void): Promise<void>;
  /** Sends now what waits. */
  flush(): Promise<void>;
  /** How many wait in this browser. */
  pending(): Promise<number>;
}

export interface Captured {
  /** Of the statement. */
  id: string;
  /** 'disk' and 'journal' outlive the page; 'memory' does not. */
  stored: 'disk' | 'journal' | 'memory';
}

/** What a promise of `track` is rejected with. */
export interface WaypostError extends Error {
  code: 'statement-invalid' | 'event-unreadable' | 'queue-full' | 'storage-failed';
  violations: Violation[];
}

export interface Violation {
  /** A JSON pointer into the event. */
  path: string;
  /** A stable word. */
  rule: string;
  /** What to do about it. */
  message: string;
}

/** What a page can listen to. */
export interface News {
  delivered: { ids: string[] };
  rejected: {
    id: string | null;
    code: WaypostError['code'] | 'refused';
    message: string;
    violations: Violation[];
    /** The relay keeps it for its people to see. */
    kept: boolean;
  };
  blocked: { condition: 'outage' | 'blocked'; raised: boolean; status: number };
}

/** The values of a language map are texts under their language tags. */
export type Text = string | Record<string, string>;

export interface Event {
  /** A word such as 'completed', or an IRI. */
  verb: string | { id: string; display?: Record<string, string> };
  /** The page itself, if it is left out. */
  object?: string | Activity | Record<string, unknown>;
  /** From -1 to 1, or points. */
  score?: number | { scaled?: number; raw?: number; min?: number; max?: number };
  success?: boolean;
  completion?: boolean;
  response?: string | number | boolean;
  /** Seconds, or as ISO 8601 has it. */
  duration?: number | string;
  result?: Record<string, unknown>;
  context?: Record<string, unknown>;
  actor?: Actor;
  id?: string;
  timestamp?: string;
  version?: string;
  attachments?: Record<string, unknown>[];
}

export interface Activity {
  id: string;
  name?: Text;
  description?: Text;
  /** A word such as 'lesson', or an IRI. */
  type?: string;
  definition?: Record<string, unknown>;
}

export interface Actor {
  objectType?: 'Agent';
  name?: string;
  mbox?: string;
  mbox_sha1sum?: string;
  openid?: string;
  account?: { homePage: string; name: string };
}

export interface Defaults {
  actor?: Actor;
  object?: Event['object'];
  /** Of plain texts. */
  language?: string;
  context?: Record<string, unknown>;
}
