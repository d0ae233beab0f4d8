import { replyLines, safeText } from '../../../lambda/alert/words/safe-text.ts';
import { escapeForDisplay } from '../../../lambda/smtp/bounds/escape.ts';
import type { Security } from '../../../lambda/smtp/endpoint/endpoint.ts';
import { failureTextOf } from '../../../lambda/smtp/failures/failure-texts.ts';
import type { Extensions, Finding, Part, Sample } from '../../../lambda/smtp/sample/sample.ts';
import { colourText } from '../layout/outcome-colours.ts';
import type { Screen } from '../layout/screen.ts';
import { wrapText } from '../layout/wrap.ts';
import { wrapTranscript } from './transcript.ts';
import { milliseconds, waterfall } from './waterfall.ts';

const SECURITIES: Readonly<Record<Security, string>> = {
  none: 'no TLS',
  starttls: 'STARTTLS',
  'starttls-if-offered': 'STARTTLS if offered',
  tls: 'implicit TLS',
};

/** The probed endpoint. */
export interface ProbedEndpoint {
  readonly host: string | null;
  readonly domain: string | null;
  readonly port: number;
  readonly security: Security;
}

/** A sample as text: outcome, findings, phase timings and facts. */
export function sampleText(endpoint: ProbedEndpoint, sample: Sample, withTranscript: boolean, screen: Screen): string {
  const { port, security } = endpoint;
  const title = `${screen.paint.bold(escapeForDisplay(endpointText(endpoint)))}  ${SECURITIES[security]}`;
  if (sample.parts === undefined || sample.parts.length === 0) return block(title, sample, withTranscript, screen);
  const parts = sample.parts.map((part) => block(partTitle(part, port, screen), part.sample, withTranscript, screen));
  const findings = sample.findings.map((finding) => findingLines(finding, screen));
  return [layOut([headline(title, sample, screen)], findings), ...parts].join('\n');
}

function endpointText({ host, domain, port }: ProbedEndpoint): string {
  if (host === null) return `MX of ${domain}`;
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function partTitle({ name }: Part, port: number, { paint }: Screen): string {
  return `${paint.bold(escapeForDisplay(name))}, port ${port}`;
}

function block(title: string, sample: Sample, withTranscript: boolean, screen: Screen): string {
  return layOut(
    [headline(title, sample, screen)],
    [
      ...sample.findings.map((finding) => findingLines(finding, screen)),
      waterfall(sample, screen),
      factLines(sample, screen),
      withTranscript ? titledTranscript(sample, screen) : [],
    ],
  );
}

/** A head and indented sections, separated by empty lines. */
function layOut(head: readonly string[], sections: readonly (readonly string[])[]): string {
  const indented = sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => `${' '.repeat(INDENT)}${line}`).join('\n'));
  return `${[head.join('\n'), ...indented].join('\n\n')}\n`;
}

function headline(title: string, { outcome, total }: Sample, { paint }: Screen): string {
  return `${paint.bold(colourText(outcome, outcome.toUpperCase(), paint))}  ${title}, ${milliseconds(total)}`;
}

function findingLines({ outcome, phase, code, detail, reply }: Finding, screen: Screen): readonly string[] {
  const { paint } = screen;
  const known = failureTextOf(code);
  return [
    `${colourText(outcome, outcome, paint)} at ${paint.bold(phase)}: ${paint.bold(code)}`,
    ...fact('Observed', escapeForDisplay(detail), screen),
    ...replyLines(reply).flatMap((line, at) => fact(at === 0 ? 'Reply' : '', line, screen)),
    ...(known === undefined ? [] : [...fact('Meaning', known.meaning, screen), ...fact('Hint', known.hint, screen)]),
  ];
}

function factLines(sample: Sample, screen: Screen): readonly string[] {
  const { address, otherAddresses, greeting, software } = sample;
  return [
    ...fact('Address', address, screen),
    ...fact('Also at', otherAddresses.join(', '), screen),
    ...replyLines(greeting).flatMap((line, at) => fact(at === 0 ? 'Greeting' : '', line, screen)),
    ...fact('Software', software && escapeForDisplay(software), screen),
    ...tlsLines(sample, screen),
    ...extensionLines(sample, screen),
  ];
}

function tlsLines({ tls }: Sample, screen: Screen): readonly string[] {
  if (tls === null) return [];
  const { certificate } = tls;
  const parts = [tls.version, tls.cipher, tls.keyExchange].filter((part) => part !== null);
  const session = fact('TLS', parts.join(', '), screen);
  if (certificate === null) return session;
  const { subject, issuer, names, validFrom, validTo, daysLeft, keyType, keyBits, fingerprint, chain } = certificate;
  return [
    ...session,
    ...fact('Certificate', safeText(subject), screen),
    ...fact('Names', safeText(names.join(', ')), screen),
    ...fact('Issuer', safeText(issuer), screen),
    ...fact('Valid', `${validFrom.slice(0, 10)} to ${validTo.slice(0, 10)} (${validityText(daysLeft)})`, screen),
    ...fact('Key', [keyType, keyBits && `${keyBits} bits`].filter(Boolean).join(', '), screen),
    ...fact('Chain', safeText(chain.join(' < ')), screen),
    ...fact('SHA-256', fingerprint, screen),
  ];
}

function validityText(days: number): string {
  return days < 0 ? `${-days} days ago` : `${days} days left`;
}

/** Prints the keywords before and after TLS, each if there are any. */
function extensionLines({ extensions: { beforeTls, afterTls } }: Sample, screen: Screen): readonly string[] {
  const before = keywords(beforeTls);
  const after = keywords(afterTls);
  if (after === '') return fact('Extensions', before, screen);
  return [...fact('Before TLS', before, screen), ...fact(before === '' ? 'Extensions' : 'In TLS', after, screen)];
}

function keywords(extensions: Extensions | null): string {
  return Object.entries(extensions ?? {})
    .map(([keyword, parameters]) => safeText([keyword, ...parameters].join(' ')))
    .join(', ');
}

/** Columns before the lines of a section. */
const INDENT = 2;

function titledTranscript({ transcript }: Sample, screen: Screen): readonly string[] {
  if (transcript.length === 0) return [];
  return [screen.paint.bold('Transcript'), ...wrapTranscript(transcript, screen, INDENT)];
}

/** A label and its wrapped text; no lines without a text. */
function fact(label: string, text: string | null, { paint, width }: Screen): readonly string[] {
  if (text === null || text === '') return [];
  const [first, ...rest] = wrapText(text, width - 16);
  return [`${paint.dim(label.padEnd(12))}${first ?? ''}`, ...rest.map((line) => ' '.repeat(12) + line)];
}
