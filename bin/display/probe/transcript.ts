import { escapeForDisplay } from '../../../lambda/smtp/bounds/escape.ts';
import { isBounded, type Paint, type Screen } from '../layout/screen.ts';
import { wrapText } from '../layout/wrap.ts';

/** Columns of `S: `. */
const SIDE = 3;

/**
 * A transcript: client lines in colour, notes dimmed, server lines plain. On a screen its lines are wrapped; in a pipe they are whole.
 * @param indent columns that are put before each line
 */
export function wrapTranscript(lines: readonly string[], screen: Screen, indent: number): readonly string[] {
  const room = isBounded(screen) ? screen.width - indent - SIDE : Number.POSITIVE_INFINITY;
  return lines.flatMap((line) => {
    const paint = paintOf(line, screen.paint);
    const safe = escapeForDisplay(line);
    const side = /^[CS]: |^\* /.exec(safe)?.[0] ?? '';
    const wrapped = wrapText(safe.slice(side.length), room);
    return wrapped.map((text, at) => paint(at === 0 ? side + text : ' '.repeat(SIDE) + text));
  });
}

function paintOf(line: string, paint: Paint): (text: string) => string {
  if (line.startsWith('C:')) return paint.cyan;
  return line.startsWith('*') ? paint.dim : (text) => text;
}
