import type { DnsFailure } from '../dns/dns-failure.ts';
import { truncate } from '../smtp/bounds/truncate.ts';
import type { Outcome } from '../smtp/sample/sample.ts';
import type { PostureArea } from './codes/code.ts';
import { type PostureCode, postureCodeRow } from './codes/codes.ts';

/** What a check of the posture found out about one name or address. */
export interface PostureFinding {
  readonly area: PostureArea;
  readonly code: PostureCode;
  readonly outcome: Outcome;
  /** A domain, a host, an address, or an address on a list. */
  readonly subject: string;
  /** One sentence without a full stop. It may have text from DNS: escape it where it is shown. */
  readonly detail: string;
  readonly meaning: string;
  readonly hint: string | null;
  readonly rfc: string;
  /** Records that correct it, as a zone file has them; empty if they are not known. */
  readonly publish: readonly string[];
  /** A command that shows what was found; null if there is none. */
  readonly command: string | null;
  /** Further lines, such as the terms of SPF with their lookups. */
  readonly evidence: readonly string[];
}

export interface PostureEvidence {
  readonly subject: string;
  readonly detail: string;
  readonly publish?: readonly string[];
  readonly command?: string;
  readonly evidence?: readonly string[];
}

const LONGEST_DETAIL = 400;
const MOST_EVIDENCE = 40;
/** Characters of a record. A longer one, which nobody can paste, is left out as a whole. A DKIM key of 8192 bits has 1,500. */
const LONGEST_RECORD = 2_000;

/** A finding with outcome and words of the table. Texts are truncated. */
export function postureFinding(code: PostureCode, area: PostureArea, given: PostureEvidence): PostureFinding {
  const { outcome, meaning, hint, rfc } = postureCodeRow(code);
  return {
    area,
    code,
    outcome,
    subject: truncate(given.subject, LONGEST_DETAIL),
    detail: truncate(given.detail, LONGEST_DETAIL),
    meaning,
    hint,
    rfc,
    publish: (given.publish ?? []).filter((record) => record.length <= LONGEST_RECORD),
    command: given.command ?? null,
    evidence: (given.evidence ?? []).slice(0, MOST_EVIDENCE).map((line) => truncate(line, LONGEST_DETAIL)),
  };
}

/** A query that was not answered. */
export function noAnswer(area: PostureArea, subject: string, failure: DnsFailure): PostureFinding {
  return postureFinding('no-answer', area, { subject, detail: failure.detail });
}

export function digCommand(type: string, name: string): string {
  return shellCommand`dig +short ${type} ${name}`;
}

/** A template of a command. Each value is a word, or a part of one. */
export function shellCommand(texts: TemplateStringsArray, ...values: readonly string[]): string {
  return String.raw({ raw: texts }, ...values.map(shellWord));
}

/** A text as one word of a shell. It may be from DNS, and people paste the command. */
export function shellWord(text: string): string {
  return /^[\w.:/=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
