/** What a probe saw of one SMTP endpoint in one session. */

/** `unable`: the probe itself could not run (no egress, no resolver, out of time, refused for its own address). */
export type Outcome = 'pass' | 'warn' | 'fail' | 'unable';

/** The step of the session that failed. Every failure names one. */
export type Phase =
  | 'dns'
  | 'connect'
  | 'greeting'
  | 'ehlo'
  | 'starttls'
  | 'tls'
  | 'certificate'
  | 'ehlo2'
  | 'auth'
  | 'mail'
  | 'rcpt'
  | 'data'
  | 'quit';

/** The phases that take time on the wire; the certificate is judged without any. */
export type TimedPhase = Exclude<Phase, 'certificate'>;

export interface Finding {
  readonly phase: Phase;
  /** A stable code, a key of the table of failures (`failures.ts`). */
  readonly code: string;
  readonly outcome: Exclude<Outcome, 'pass'>;
  /** What was seen, in a sentence, with the figures. */
  readonly detail: string;
  /** The server's reply, bounded; null where it said nothing. */
  readonly reply: string | null;
}

export interface TlsFacts {
  readonly version: string;
  readonly cipher: string;
  readonly keyExchange: string | null;
  readonly certificate: CertificateFacts | null;
}

export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  readonly names: readonly string[];
  /** ISO 8601 UTC. */
  readonly validFrom: string;
  readonly validTo: string;
  readonly daysLeft: number;
  readonly keyType: string;
  readonly keyBits: number | null;
  /** As `sha256WithRSAEncryption`, or the object identifier of one that is not known. */
  readonly signature: string;
  /** SHA-256, lower-case hexadecimal without colons. */
  readonly fingerprint: string;
  /** Subjects of the chain as served, leaf first. */
  readonly chain: readonly string[];
}

/** Extension keywords (RFC 5321 4.1.1.1), upper-case, to their parameters. */
export type Extensions = Readonly<Record<string, readonly string[]>>;

export interface Sample {
  readonly outcome: Outcome;
  /** Phase, code and reply of the worst finding; null on `pass`. */
  readonly phase: Phase | null;
  readonly code: string | null;
  readonly reply: string | null;
  readonly detail: string | null;
  /** Everything found wrong, worst first. */
  readonly findings: readonly Finding[];
  /** Milliseconds on a monotonic clock, of the phases that were reached, in session order. */
  readonly timings: Readonly<Partial<Record<TimedPhase, number>>>;
  /** Milliseconds until the verdict of this probe was known (QUIT's reply is not waited for). */
  readonly total: number;
  readonly address: string | null;
  /** The addresses the host also has, beside the one used. */
  readonly otherAddresses: readonly string[];
  readonly greeting: string | null;
  readonly software: string | null;
  readonly tls: TlsFacts | null;
  readonly extensions: { readonly beforeTls: Extensions | null; readonly afterTls: Extensions | null };
  /** Lines `S: …`, `C: …` and `* …`, redacted, 8 KB at most. */
  readonly transcript: readonly string[];
  /** Of a target with several: a sample for each MX host of a domain, or each address family. */
  readonly parts?: readonly Part[];
}

export interface Part {
  /** The MX host, or `IPv4`, `IPv6`. */
  readonly name: string;
  readonly sample: Sample;
}
