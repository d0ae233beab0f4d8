/** The header of a message or part: RFC 5322 2.2, RFC 2045. Never throws. */

export interface HeaderField {
  /** In lower case. */
  readonly name: string;
  /** Unfolded, without spaces at its ends. */
  readonly value: string;
}

const MOST_FIELDS = 1_000;
const LONGEST_VALUE = 65_536;

export interface HeaderAndBody {
  readonly fields: readonly HeaderField[];
  readonly body: string;
}

/** Splits a message or part. @param text each octet as a character (latin1) */
export function splitHeader(text: string): HeaderAndBody {
  if (/^\r?\n/.test(text)) return { fields: [], body: text.replace(/^\r?\n/, '') };
  const end = /\r?\n\r?\n/.exec(text);
  const head = end === null ? text : text.slice(0, end.index);
  return { fields: parseFields(head), body: end === null ? '' : text.slice(end.index + end[0].length) };
}

/** A line without a colon is skipped. */
export function parseFields(head: string): readonly HeaderField[] {
  const lines: string[] = [];
  for (const line of head.split(/\r?\n/)) {
    const last = lines.length - 1;
    if (/^[ \t]/.test(line) && last >= 0) {
      if ((lines[last]?.length ?? 0) < LONGEST_VALUE) lines[last] += ` ${line.trim()}`;
    } else if (lines.length < MOST_FIELDS) lines.push(line);
  }
  return lines.flatMap((line) => {
    const colon = line.indexOf(':');
    if (colon < 1) return [];
    return [
      {
        name: line.slice(0, colon).trim().toLowerCase(),
        value: line
          .slice(colon + 1)
          .trim()
          .slice(0, LONGEST_VALUE),
      },
    ];
  });
}

export function fieldValue(fields: readonly HeaderField[], name: string): string | null {
  return fields.find((field) => field.name === name)?.value ?? null;
}

/** A value with parameters, such as that of Content-Type: RFC 2045 5.1. */
export interface ParameterValue {
  /** In lower case. */
  readonly value: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const PARAMETER = /;\s*([A-Za-z0-9!#$&+.^_`{|}~*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))/g;

export function parseParameters(text: string): ParameterValue {
  const value = (text.split(';', 1)[0] ?? '').trim().toLowerCase();
  const parameters = new Map<string, string>();
  for (const [, name = '', quoted, plain = ''] of text.slice(0, 8_192).matchAll(PARAMETER)) {
    const key = name.toLowerCase();
    if (!parameters.has(key)) parameters.set(key, quoted === undefined ? plain : quoted.replace(/\\(.)/g, '$1'));
  }
  return { value, parameters };
}
