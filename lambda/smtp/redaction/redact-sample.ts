/**
 * A finished sample without passwords: the last step of every probe. `mask-known-passwords.ts` knows the passwords of the run,
 * `password-encodings.ts` their encodings (RFC 4648, 4616, 2195, 3986, 2045), `mask-lines.ts` finds and masks them.
 */

import type { CertificateFacts, Extensions, Finding, Part, Sample, TlsFacts } from '../sample/sample.ts';
import type { KnownSecrets } from './mask-known-passwords.ts';
import { REPLY_LINES, TRANSCRIPT_LINES } from './mask-lines.ts';

/** Masks every text of a sample. A new field of `Sample` must be added here. */
export function redactSample(sample: Sample, secrets: KnownSecrets): Sample {
  if (secrets.count() === 0) return sample;
  const { parts } = sample;
  const redacted = {
    reply: maskReply(sample.reply, secrets),
    detail: sample.detail === null ? null : maskText(sample.detail, secrets),
    findings: mapChanged(sample.findings, (found) => maskFinding(found, secrets)),
    greeting: maskReply(sample.greeting, secrets),
    hello: maskReply(sample.hello ?? null, secrets),
    software: sample.software === null ? null : maskText(sample.software, secrets),
    tls: maskTls(sample.tls, secrets),
    extensions: maskExtensions(sample.extensions, secrets),
    transcript: maskTranscript(sample.transcript, secrets),
  };
  if (parts !== undefined) return { ...sample, ...redacted, parts: parts.map((part) => maskPart(part, secrets)) };
  return isUnchanged(redacted, sample) ? sample : { ...sample, ...redacted };
}

function isUnchanged(some: Partial<Sample>, all: Sample): boolean {
  return (Object.keys(some) as (keyof Sample)[]).every((key) => some[key] === all[key]);
}

/** The same array where nothing changed. */
function mapChanged<Item>(items: readonly Item[], change: (item: Item) => Item): readonly Item[] {
  const changed = items.map(change);
  return changed.every((item, at) => item === items[at]) ? items : changed;
}

function maskText(text: string, secrets: KnownSecrets): string {
  return secrets.mask([text])[0] ?? '';
}

/** Of several lines; null where the server said nothing. */
function maskReply(reply: string | null, secrets: KnownSecrets): string | null {
  if (reply === null) return null;
  const lines = reply.split('\n');
  const masked = secrets.mask(lines, REPLY_LINES);
  return masked === lines ? reply : masked.join('\n');
}

function maskFinding(found: Finding, secrets: KnownSecrets): Finding {
  const detail = maskText(found.detail, secrets);
  const reply = maskReply(found.reply, secrets);
  return detail === found.detail && reply === found.reply ? found : { ...found, detail, reply };
}

function maskPart({ name, sample }: Part, secrets: KnownSecrets): Part {
  return { name: maskText(name, secrets), sample: redactSample(sample, secrets) };
}

/** All replies are read as one text: a password can go on in the next reply. */
function maskTranscript(transcript: readonly string[], secrets: KnownSecrets): readonly string[] {
  const replies = transcript.filter(isReply);
  const masked = secrets.mask(replies, TRANSCRIPT_LINES);
  let nth = 0;
  return mapChanged(transcript, (line) => (isReply(line) ? (masked[nth++] ?? '') : maskText(line, secrets)));
}

function isReply(line: string): boolean {
  return line.startsWith('S: ');
}

function maskExtensions(extensions: Sample['extensions'], secrets: KnownSecrets): Sample['extensions'] {
  const beforeTls = maskKeywords(extensions.beforeTls, secrets);
  const afterTls = maskKeywords(extensions.afterTls, secrets);
  return beforeTls === extensions.beforeTls && afterTls === extensions.afterTls ? extensions : { beforeTls, afterTls };
}

function maskKeywords(extensions: Extensions | null, secrets: KnownSecrets): Extensions | null {
  if (extensions === null) return null;
  const lines = Object.entries(extensions);
  const words = lines.flatMap(([keyword, parameters]) => [keyword, ...parameters]);
  const masked = secrets.mask(words);
  if (masked === words) return extensions;
  let nth = 0;
  return Object.fromEntries(
    lines.map(([, parameters]) => [masked[nth++] ?? '', parameters.map(() => masked[nth++] ?? '')]),
  );
}

export function maskTls(tls: TlsFacts | null, secrets: KnownSecrets): TlsFacts | null {
  if (tls === null || tls.certificate === null) return tls;
  const certificate = maskCertificate(tls.certificate, secrets);
  return certificate === tls.certificate ? tls : { ...tls, certificate };
}

/** The owner of a server chooses the names in its certificate. */
function maskCertificate(facts: CertificateFacts, secrets: KnownSecrets): CertificateFacts {
  const subject = maskText(facts.subject, secrets);
  const issuer = maskText(facts.issuer, secrets);
  const names = secrets.mask(facts.names);
  const chain = secrets.mask(facts.chain);
  const changed = [subject !== facts.subject, issuer !== facts.issuer, names !== facts.names, chain !== facts.chain];
  return changed.includes(true) ? { ...facts, subject, issuer, names, chain } : facts;
}
