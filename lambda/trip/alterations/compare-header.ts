/** Compares the header. A field that is folded anew is the same. Pure. */

import { parseDate } from '../../standards/mime/date.ts';
import { fieldText } from '../../standards/mime/encoded-word.ts';
import { fieldValue, type HeaderField } from '../../standards/mime/header.ts';
import { alteration, alterationIf } from './alteration.ts';
import type { Alteration, AlterationCode } from './alteration-codes.ts';

/** Fields of the structure of the body are compared with the parts. */
const STRUCTURE = /^(?:mime-version|content-[a-z-]+)$/;

type Compare = (was: string, is: string) => readonly Alteration[];

/** Fields whose change has a code of its own. */
const COMPARES: Readonly<Record<string, Compare>> = {
  subject: compareSubject,
  from: (was, is) => compareBy(addressOf, was, is, 'from-changed', 'From'),
  to: (was, is) => compareBy(addressOf, was, is, 'to-changed', 'To'),
  date: (was, is) => compareBy((text) => String(parseDate(text)), was, is, 'date-changed', 'Date'),
  'message-id': (was, is) => compareBy((text) => text, was, is, 'message-id-changed', 'Message-ID'),
};

export function compareHeader(sent: readonly HeaderField[], received: readonly HeaderField[]): readonly Alteration[] {
  return sent.filter(({ name }) => !STRUCTURE.test(name)).flatMap((field) => compareField(field, received));
}

function compareField({ name, value }: HeaderField, received: readonly HeaderField[]): readonly Alteration[] {
  const other = fieldValue(received, name);
  if (other === null) return [alteration('header-removed', name)];
  const [was, is] = [fieldText(value), fieldText(other)];
  if (was === is) return alterationIf(spaceless(value) !== spaceless(other), 'header-re-encoded', name);
  return COMPARES[name]?.(was, is) ?? [alteration('header-changed', `${name}: ${is}`)];
}

/** Encoded words may be divided elsewhere. */
function spaceless(value: string): string {
  return value.replace(/\s+/g, '');
}

function compareSubject(was: string, is: string): readonly Alteration[] {
  const at = is.indexOf(was);
  if (at === -1) return [alteration('subject-changed', is)];
  return [alteration('subject-tag', `${is.slice(0, at)} ${is.slice(at + was.length)}`.trim())];
}

/** What matters of a field is the same, or not. */
function compareBy(
  matter: (text: string) => string,
  was: string,
  is: string,
  code: AlterationCode,
  name: string,
): readonly Alteration[] {
  if (matter(was) !== matter(is)) return [alteration(code, `${name}: ${is}`)];
  return [alteration('header-re-encoded', name)];
}

/** The address without a display name, comments and brackets. */
function addressOf(written: string): string {
  const text = written.replace(/\([^()]*\)/g, ' ');
  const bracket = text.lastIndexOf('<');
  return text
    .slice(bracket + 1)
    .replace(/>.*$/, '')
    .trim()
    .toLowerCase();
}
