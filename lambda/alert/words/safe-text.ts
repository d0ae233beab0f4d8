/** Escapes and cuts text that came from a server. */
import { escapeForDisplay } from '../../smtp/bounds/escape.ts';

/** At most `max` UTF-16 units, with `mark` at the end if the text was cut. Never cuts a surrogate pair. */
export function clip(text: string, max: number, mark = '…'): string {
  if (text.length <= max) return text;
  return text.slice(0, max - mark.length).replace(/[\ud800-\udbff]$/, '') + mark;
}

/** Text from a server, escaped and cut to one line. */
export function safeText(text: string, max = 512): string {
  return clip(escapeForDisplay(clip(text, max)), max);
}

/** The lines of a server's reply, escaped; empty if there is no reply. */
export function replyLines(reply: string | null, max = 512): readonly string[] {
  if (reply === null || reply.trim() === '') return [];
  return clip(reply, max)
    .trimEnd()
    .split(/\r?\n/)
    .map((line) => safeText(line, max));
}

/** A server's reply in one line, escaped. */
export function replyText(reply: string | null, max = 512): string {
  return clip(replyLines(reply, max).join(' / '), max);
}

/** JSON in one line of printable ASCII. All other characters are written as `\uXXXX`. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
