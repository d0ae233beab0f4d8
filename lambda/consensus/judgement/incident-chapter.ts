/** A stretch of an incident with one failure. Each has evidence of its own. */
export interface Chapter {
  /** 1 for the first chapter of an incident. */
  readonly number: number;
  /** ISO 8601 UTC: its first failure, or its decision if it has none. */
  readonly from: string;
  /** Null for the present chapter. A target that flaps is between two chapters while it is up. */
  readonly to: string | null;
  /** The failure that most vantages have in common; null while the verdict is `unknown`. */
  readonly phase: string | null;
  readonly code: string | null;
  /** The warning that the verdict is about, with its threshold; null if it is about failures. */
  readonly warning: string | null;
}

/** The chapter that an incident is in. Its witnesses are those of the incident. */
export interface PresentChapter extends Chapter {
  /** The last failure of each witness of the chapter before, which ended in the same write. */
  readonly lastFailuresBefore?: Readonly<Record<string, string>>;
}
