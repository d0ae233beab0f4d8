/** The macros of SPF: syntax (RFC 7208 7.1) and expansion (7.3). Never throws. */

import { expandAddress } from '../ip-address.ts';

export interface MacroProblem {
  /** Offset in the text. */
  readonly at: number;
  readonly reason: string;
}

const EXPANSION = /%(?:[%_-]|\{([A-Za-z])(\d*)(r?)([.\-+,/_=]*)\})/iy;
const LETTERS = 'slodiphv';
/** Letters that only an explanation may have (7.2). */
const EXPLANATION_LETTERS = 'crt';

/** The first mistake of a macro string; null if there is none. */
export function macroStringProblem(text: string, letters = LETTERS + EXPLANATION_LETTERS): MacroProblem | null {
  for (let at = 0; at < text.length; ) {
    if (text[at] !== '%') {
      at++;
      continue;
    }
    EXPANSION.lastIndex = at;
    const [whole, letter = '', digits = ''] = EXPANSION.exec(text) ?? [];
    if (whole === undefined) return { at, reason: "'%' does not begin a macro; a percent sign is written as %%" };
    if (letter !== '' && !letters.includes(letter.toLowerCase()))
      return { at, reason: `there is no macro ${whole} in a domain` };
    if (digits !== '' && Number(digits) === 0) return { at, reason: `${whole} keeps no label` };
    at += whole.length;
  }
  return null;
}

/** The end of a domain: a macro, or a top label that is not all digits. */
const DOMAIN_END = /\.(?:[A-Za-z0-9]+|[A-Za-z0-9]+-[A-Za-z0-9-]*[A-Za-z0-9])\.?$/;

/** The first mistake of a domain-spec; null if there is none. */
export function domainSpecProblem(text: string): MacroProblem | null {
  if (text === '') return { at: 0, reason: 'a domain is missing' };
  const problem = macroStringProblem(text, LETTERS);
  if (problem !== null || text.endsWith('}')) return problem;
  const label = /([^.]*)\.?$/.exec(text)?.[1] ?? '';
  const ends = DOMAIN_END.test(text) && !/^\d+$/.test(label);
  return ends ? null : { at: 0, reason: `'${text}' is not a domain` };
}

/** What macros stand for. */
export interface MacroValues {
  readonly sender: string;
  readonly helo: string;
  readonly ip: string;
  /** The domain whose record is evaluated. */
  readonly domain: string;
  /** Of an explanation: the host that receives, and the time in seconds (7.2). */
  readonly receiver?: string;
  readonly time?: number;
}

export function hasMacro(text: string): boolean {
  return text.includes('%');
}

/** Whether the value needs a query: the validated name of the address (5.5). */
export function needsValidatedName(text: string): boolean {
  return /%\{p/i.test(text);
}

/** Expands a domain-spec without mistakes. Leftmost labels are removed if it is longer than 253 characters (7.3). */
export function expandDomain(text: string, values: MacroValues, validatedName: string): string {
  return shortened(expandMacros(text, values, validatedName).replace(/\.$/, ''));
}

/** Expands a macro string without mistakes. */
export function expandMacros(text: string, values: MacroValues, validatedName: string): string {
  return text.replace(/%(?:([%_-])|\{([A-Za-z])(\d*)(r?)([^}]*)\})/gi, (_, sign, letter, digits, r, marks) =>
    sign === undefined
      ? expandMacro(letter, { digits, reversed: r !== '', marks }, values, validatedName)
      : { '%': '%', _: ' ', '-': '%20' }[sign as '%' | '_' | '-'],
  );
}

function shortened(domain: string): string {
  let rest = domain;
  while (rest.length > 253 && rest.includes('.')) rest = rest.slice(rest.indexOf('.') + 1);
  return rest;
}

interface Transform {
  readonly digits: string;
  readonly reversed: boolean;
  readonly marks: string;
}

function expandMacro(letter: string, transform: Transform, values: MacroValues, validatedName: string): string {
  const value = transformed(VALUES[letter.toLowerCase()]?.(values, validatedName) ?? '', transform);
  return /[A-Z]/.test(letter) ? encodeURIComponent(value).replace(/[!'()*]/g, percentEncoded) : value;
}

function percentEncoded(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** A macro is expanded often: only its own value is made. */
const VALUES: Readonly<Record<string, (values: MacroValues, validatedName: string) => string>> = {
  s: ({ sender }) => sender,
  l: ({ sender }) => sender.slice(0, Math.max(0, sender.lastIndexOf('@'))),
  o: ({ sender }) => sender.slice(sender.lastIndexOf('@') + 1),
  d: ({ domain }) => domain,
  h: ({ helo }) => helo,
  i: ({ ip }) => expandAddress(ip),
  v: ({ ip }) => (ip.includes(':') ? 'ip6' : 'in-addr'),
  p: (_, validatedName) => validatedName,
  c: ({ ip }) => ip,
  r: ({ receiver = 'unknown' }) => receiver,
  t: ({ time = 0 }) => String(time),
};

function transformed(value: string, { digits, reversed, marks }: Transform): string {
  if (digits === '' && !reversed && marks === '') return value;
  const delimiters = marks === '' ? '.' : marks;
  const parts = splitAt(value, delimiters);
  const ordered = reversed ? parts.toReversed() : parts;
  return (digits === '' ? ordered : ordered.slice(-Number(digits))).join('.');
}

function splitAt(value: string, delimiters: string): readonly string[] {
  const parts = [''];
  for (const character of value) {
    if (delimiters.includes(character)) parts.push('');
    else parts.push((parts.pop() ?? '') + character);
  }
  return parts;
}
