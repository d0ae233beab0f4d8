/** HTML as text. What is put into a template is escaped; markup is put in as `Html`. */

import { escapeForDisplay } from '../../lambda/smtp/bounds/escape.ts';

export interface Html {
  readonly markup: string;
}

type Value = string | number | Html | readonly Html[] | null;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * For HTML and XML, in text and in quoted attributes. Control and format characters are made visible. The two characters that
 * XML does not have are replaced.
 */
export function escapeMarkup(text: string): string {
  return escapeForDisplay(text)
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return {
    markup: parts.map((part, nth) => part + (nth < values.length ? markupOf(values[nth] ?? null) : '')).join(''),
  };
}

/** JSON as a part of a page, which scripts read. Nothing in it can end the element, or is a character that is not seen. */
export function dataScript(id: string, data: object): Html {
  const text = JSON.stringify(data).replace(/[<>&\u007f-\uffff]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return { markup: `<script type="application/json" id="${escapeMarkup(id)}">${text}</script>` };
}

function markupOf(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'string') return escapeMarkup(value);
  if (typeof value === 'number') return String(value);
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('');
}
