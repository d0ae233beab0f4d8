/** The state of a visit to a mailbox, before and after its session, and the report that follows from it. */

import { performance } from 'node:perf_hooks';
import { transcriptHead, transcriptLines } from '../smtp/bounds/transcript.ts';
import { type KnownSecrets, secretsFor } from '../smtp/redaction/mask-known-passwords.ts';
import { PLAIN_TEXT, TRANSCRIPT_LINES } from '../smtp/redaction/mask-lines.ts';
import { maskTls } from '../smtp/redaction/redact-sample.ts';
import type { TlsFacts } from '../smtp/sample/sample.ts';
import type { Dialogue } from './dialogue/dialogue.ts';
import type { MailboxFinding } from './failures/mailbox-failures.ts';
import type { MailboxPhase } from './failures/mailbox-phase.ts';
import type { MailboxCredentials, MailboxEndpoint, MailboxOptions } from './session/mailbox-endpoint.ts';
import { MAILBOX_LIMITS, type MailboxLimits } from './session/mailbox-limits.ts';
import type { MailboxReport } from './session/mailbox-report.ts';

export interface MailboxRun {
  readonly endpoint: MailboxEndpoint;
  readonly options: MailboxOptions;
  readonly limits: MailboxLimits;
  readonly now: () => number;
  readonly deadline: number;
  readonly secrets: KnownSecrets;
  readonly timings: Partial<Record<MailboxPhase, number>>;
  /** Of names and connections. */
  readonly findings: MailboxFinding[];
  address: string | null;
  tls: TlsFacts | null;
}

export function startMailboxRun(
  endpoint: MailboxEndpoint,
  credentials: MailboxCredentials,
  options: MailboxOptions,
): MailboxRun {
  const limits = { ...MAILBOX_LIMITS, ...options.limits };
  const now = options.now ?? (() => performance.now());
  return {
    endpoint,
    options,
    limits,
    now,
    deadline: now() + limits.deadline,
    secrets: knownSecretsOf(credentials, options.secrets),
    timings: {},
    findings: [],
    address: null,
    tls: null,
  };
}

/** Every secret of the credentials is masked, in any text. */
function knownSecretsOf(credentials: MailboxCredentials, kept: KnownSecrets | undefined): KnownSecrets {
  const { user } = credentials;
  const [first = '', ...more] = mailboxSecretsOf(credentials);
  const secrets = secretsFor({ user, password: first }, kept);
  for (const password of more) secrets.add({ user, password });
  return secrets;
}

export function mailboxSecretsOf(credentials: MailboxCredentials): readonly string[] {
  if ('password' in credentials) return [credentials.password];
  if ('accessToken' in credentials) return [credentials.accessToken];
  const { refreshToken, clientSecret } = credentials;
  return clientSecret === undefined ? [refreshToken] : [refreshToken, clientSecret];
}

/** What a session adds to the report. */
export interface SessionFacts {
  readonly dialogue: Pick<Dialogue<unknown>, 'findings' | 'timings' | 'transcript'>;
  readonly greeting: string | null;
  readonly capabilities: readonly string[];
}

/** Without credentials. */
export function reportOf(run: MailboxRun, session: SessionFacts | null): MailboxReport {
  const { secrets, address, tls } = run;
  const transcript = session === null ? [] : transcriptLines(session.dialogue.transcript, ...transcriptHead(run));
  const findings = [...run.findings, ...(session?.dialogue.findings ?? [])];
  return {
    findings: findings.map((found) => maskMailboxFinding(found, secrets)),
    timings: { ...(session?.dialogue.timings ?? run.timings) },
    address,
    greeting: maskOne(session?.greeting ?? null, secrets),
    capabilities: secrets.mask(session?.capabilities ?? []),
    tls: maskTls(tls, secrets),
    transcript: secrets.mask(transcript, TRANSCRIPT_LINES),
  };
}

export function maskMailboxFinding(found: MailboxFinding, secrets: KnownSecrets): MailboxFinding {
  return { ...found, detail: maskOne(found.detail, secrets) ?? '', reply: maskOne(found.reply, secrets) };
}

function maskOne(text: string | null, secrets: KnownSecrets): string | null {
  return text === null ? null : (secrets.mask([text], PLAIN_TEXT)[0] ?? '');
}
