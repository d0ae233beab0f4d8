/** An alert as speech: Speech Synthesis Markup Language in which nothing of a server is markup. */
import { ownValue } from '../../../wire/own-value.ts';
import type { AlertSummary } from '../../words/first-line.ts';

/**
 * Characters of a message, with its tags.
 * https://docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2/API_SendVoiceMessage.html
 */
export const MOST_SSML = 6_000;

type Spoken = Pick<AlertSummary, 'what' | 'state' | 'since' | 'why' | 'isPast' | 'note' | 'line'>;

/** Characters of the words after the state, and of the name that is spelled: the longest that fits is taken. */
const LENGTHS: readonly (readonly [words: number, name: number])[] = [
  [300, 64],
  [160, 64],
  [80, 40],
  [0, 24],
];

/** Said twice: nobody understands the first words of a call at night. */
export function speechOf(monitor: string, summary: Spoken): string {
  const texts = LENGTHS.map(([words, name]) => twice(monitor, summary, words, name));
  return texts.find(({ length }) => length <= MOST_SSML) ?? twice('monitor', { ...summary, what: '' }, 0, 0);
}

function twice(monitor: string, summary: Spoken, words: number, name: number): string {
  const once = said(summary, words, name);
  const begin = `Alert of ${inWords(monitor, 24)}.`;
  return `<speak>${begin} ${once}<break time="1s"/>I repeat. ${once}<break time="1s"/>End of the alert.</speak>`;
}

function said({ what, state, since, why, isPast, note, line }: Spoken, words: number, name: number): string {
  const rest = words === 0 || note === null ? '' : ` ${inWords(note, words)}.`;
  if (line !== null) return `${inWords(line, Math.max(words, 80))}.${rest}`;
  const cause = words === 0 ? '' : ` ${inWords(why, words)}.`;
  return `${spelled(what, name)} ${isPast ? 'was' : 'is'} ${inWords(state.toLowerCase(), 40)} since ${inWords(since, 40)}.${cause}${rest}`;
}

const SIGNS: Readonly<Record<string, string>> = {
  '-': 'dash',
  '.': 'dot',
  _: 'underscore',
  '@': 'at',
  '/': 'slash',
  ':': 'colon',
};

/** `mx1-a` as M, X, 1, dash, A. What has no name is left out. */
function spelled(name: string, most: number): string {
  const parts = name.slice(0, most).match(/[A-Za-z0-9]+|[-._@/:]/g) ?? [];
  return parts.map((part) => ownValue(SIGNS, part) ?? `<say-as interpret-as="characters">${part}</say-as>`).join(' ');
}

/**
 * Text of letters, digits and marks that a voice reads; the rest is left out, so that there is nothing to escape. A number is
 * read digit by digit.
 */
function inWords(text: string, most: number): string {
  return [...text.normalize('NFKC').replace(/[^\p{L}\p{N} .,;:()'%-]+/gu, ' ')]
    .filter((character) => character.length === 1)
    .slice(0, most)
    .join('')
    .replace(/\s*[()]\s*/g, ', ')
    .replace(/-/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/(?:[,;:] )+(?=[,;:])/g, '')
    .trim()
    .replace(/[ .,;:]+$/, '')
    .replace(/\d+/g, (digits) => `<say-as interpret-as="digits">${digits}</say-as>`);
}
