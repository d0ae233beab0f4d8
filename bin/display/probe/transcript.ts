import { escapeForDisplay } from '../../../lambda/smtp/bounds/escape.ts';
import type { Paint } from '../layout/screen.ts';

/** A line of a transcript: client lines in colour, notes dimmed, server lines plain. */
export function transcriptLine(line: string, paint: Paint): string {
  const safe = escapeForDisplay(line);
  if (safe.startsWith('C:')) return paint.cyan(safe);
  return safe.startsWith('*') ? paint.dim(safe) : safe;
}
