import { escapeForDisplay } from '../../lambda/smtp/bounds/escape.ts';
import type { InitAnswers } from '../arguments/init-answers.ts';
import type { MailLookup } from './mail-lookup.ts';

/** A config with comments, as text. Values are quoted where YAML needs it. */
export function initialConfig(answers: InitAnswers, found: MailLookup): string {
  const sections = [
    ['# yaml-language-server: $schema=./node_modules/smtp-quorum/smtp-quorum.schema.json'],
    vantageLines(answers),
    notifyLines(answers),
    ['targets:', ...targetLines(answers, found)],
    MORE,
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function vantageLines({ vantages, domain, server, ehloName }: InitAnswers): readonly string[] {
  const isLocal = vantages.includes('local');
  const name = ehloName ?? (isLocal ? null : `probe.${domain ?? domainOf(server?.host ?? 'example.com')}`);
  return [
    isLocal
      ? '# Probes run on this machine.'
      : '# Probes run in these regions. The first is the home of the table and the alerts.',
    `vantages: [${vantages.map(scalar).join(', ')}]`,
    ...(isLocal ? [] : [`home: ${scalar(vantages[0] ?? '')}`]),
    '# Length of a round.',
    'every: 1m',
    ...(name === null ? [] : ['# Name for EHLO. Servers check that it resolves.', `ehloName: ${scalar(name)}`]),
  ];
}

function notifyLines({ email, webhook, smtp }: InitAnswers): readonly string[] {
  const entries = [
    ...(email === null ? [] : [`  - email: ${scalar(email)}`]),
    ...(webhook === null ? [] : [`  - webhook: ${scalar(webhook)}`]),
  ];
  if (entries.length === 0) return ['# notify:', '#   - email: ops@example.com'];
  const server = smtp === null ? [] : ['# The server that sends the e-mail.', `smtp: { host: ${scalar(smtp)} }`];
  return [...server, 'notify:', ...entries];
}

function targetLines({ domain, server }: InitAnswers, { hosts, problem }: MailLookup): readonly string[] {
  if (server !== null) {
    const { host, port } = server;
    return [`  - id: ${scalar(idOf(host))}`, `    host: ${scalar(host)}`, `    port: ${port}`];
  }
  const seen =
    hosts.length === 0 ? [] : [`  # Today its MX hosts are ${hosts.slice(0, 8).map(escapeForDisplay).join(', ')}.`];
  return [
    '  # Every MX host of the domain is probed; it is down if none accepts.',
    ...seen,
    ...(problem === null ? [] : [`  # When this file was written, ${escapeForDisplay(problem)}`]),
    '  - id: inbound',
    `    domain: ${scalar(domain ?? '')}`,
  ];
}

const MORE: readonly string[] = [
  '  # A submission server with a login:',
  '  # - id: submission',
  '  #   host: smtp.example.com',
  '  #   port: 587',
  '  #   auth: { user: probe@example.com, password: { env: SMTP_PASSWORD } }',
  '  #   expect:',
  '  #     certificate: { warnDays: 21 }',
  '# Every key: docs/config.md and examples/smtp-quorum.yaml.',
];

function idOf(host: string): string {
  const id = host.split('.')[0]?.replace(/[^A-Za-z0-9_-]/g, '-') ?? '';
  return /^[A-Za-z]/.test(id) ? id.slice(0, 40) : `server-${id}`.slice(0, 40).replace(/-+$/, '');
}

function domainOf(host: string): string {
  const labels = host.split('.');
  return labels.length > 2 ? labels.slice(1).join('.') : host;
}

/** A plain value where YAML reads it as this text, otherwise in quotes. */
function scalar(text: string): string {
  return /^[A-Za-z][\w.@+-]*$/.test(text) && !/^(?:true|false|null|yes|no|on|off)$/i.test(text)
    ? text
    : JSON.stringify(text);
}
