/** The command that shows a record, for findings of checks that name none. */
import { ownValue } from '../wire/own-value.ts';
import type { PostureArea } from './codes/code.ts';
import { digCommand, type PostureFinding } from './finding.ts';

type CommandOf = (domain: string, subject: string) => string;

/** In other areas each check names its command. */
const COMMANDS: Readonly<Partial<Record<PostureArea, CommandOf>>> = {
  mx: (domain) => digCommand('MX', domain),
  spf: (domain, subject) => termCommand(subject) ?? digCommand('TXT', domain),
  dkim: (_, subject) => digCommand('TXT', subject.split(/[ ,]/)[0] ?? subject),
  dmarc: (domain) => digCommand('TXT', `_dmarc.${domain}`),
  bimi: (_, subject) => digCommand('TXT', subject),
};

const TYPES: Readonly<Record<string, string>> = { include: 'TXT', redirect: 'TXT', mx: 'MX', a: 'A', exists: 'A' };

/** `include:_spf.example.net of example.com`: what is behind a term of SPF. A name with a macro has no record of its own. */
function termCommand(subject: string): string | null {
  const [, kind = '', name = ''] = /^[+?~-]?([a-z]+)[:=]([\w.-]+) of /i.exec(subject) ?? [];
  const type = ownValue(TYPES, kind.toLowerCase());
  return type === undefined ? null : digCommand(type, name);
}

export function withCommand(finding: PostureFinding, domain: string): PostureFinding {
  const isTold = finding.outcome === 'fail' || finding.outcome === 'warn';
  if (!isTold || finding.command !== null) return finding;
  return { ...finding, command: COMMANDS[finding.area]?.(domain, finding.subject) ?? null };
}
