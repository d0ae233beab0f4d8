/** The result of a probe: a sample with its findings and facts. */

/** `unable`: the vantage could not judge the server (no egress, no resolver, out of time, or its address is refused). */
export type Outcome = 'pass' | 'warn' | 'fail' | 'unable';

/** A step of a session. Every finding names one. */
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

/** The phases with a time. The certificate is judged without network traffic. */
export type TimedPhase = Exclude<Phase, 'certificate'>;

export interface Finding {
  readonly phase: Phase;
  /** A stable code, a key of the table of failures (`failures.ts`). */
  readonly code: string;
  readonly outcome: Exclude<Outcome, 'pass'>;
  /** The facts of the finding, with figures. */
  readonly detail: string;
  /** The server's reply, truncated; null if there is none. */
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
  /** For example `sha256WithRSAEncryption`; the object identifier if the name is unknown. */
  readonly signature: string;
  /** SHA-256, lower-case hexadecimal without colons. */
  readonly fingerprint: string;
  /** Subjects of the chain that the server sent, leaf first. */
  readonly chain: readonly string[];
  /** Digests of the certificates that the server sent: first the leaf and those that issued it, in order, then all others. */
  readonly served?: readonly CertificateDigests[];
  /** Whether senders that trust public authorities accept it for the name. Null if the target has authorities of its own. */
  readonly publiclyTrusted?: boolean | null;
}

/** What TLSA records are compared with: RFC 6698 2.1. Digests are lower-case hexadecimal. */
export interface CertificateDigests {
  readonly certificate: DigestPair;
  /** Of the subject public key info. */
  readonly key: DigestPair;
  /** ISO 8601 UTC. */
  readonly validTo: string;
  /** Whether it issued the certificate before it. True for the leaf. */
  readonly linked: boolean;
}

export interface DigestPair {
  readonly sha256: string;
  readonly sha512: string;
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
  /** All findings, worst first. */
  readonly findings: readonly Finding[];
  /** Milliseconds on a monotonic clock for each phase that was reached, in session order. */
  readonly timings: Readonly<Partial<Record<TimedPhase, number>>>;
  /** Milliseconds until the verdict, without the reply to QUIT. */
  readonly total: number;
  readonly address: string | null;
  /** The other addresses of the host. */
  readonly otherAddresses: readonly string[];
  readonly greeting: string | null;
  /** The first line of the last reply to EHLO or HELO. */
  readonly hello?: string | null;
  readonly software: string | null;
  readonly tls: TlsFacts | null;
  readonly extensions: { readonly beforeTls: Extensions | null; readonly afterTls: Extensions | null };
  /** Lines `S: …`, `C: …` and `* …`, redacted, 8 KB at most. */
  readonly transcript: readonly string[];
  /** The reply to the message, without its code. Absent if none was accepted. */
  readonly acceptance?: string;
  /** The samples of the MX hosts of a domain, or of the address families. */
  readonly parts?: readonly Part[];
}

export interface Part {
  /** The MX host, or `IPv4`, `IPv6`. */
  readonly name: string;
  readonly sample: Sample;
}
