/** Makes an alteration. What was received is another's text: it is made fit to be shown, without addresses, and cut off. */

import { hideAddresses } from '../../bounces/hide-addresses.ts';
import { escapeForDisplay } from '../../smtp/bounds/escape.ts';
import { truncate } from '../../smtp/bounds/truncate.ts';
import type { Alteration, AlterationCode } from './alteration-codes.ts';

const LONGEST = 200;

export function alteration(code: AlterationCode, detail: string): Alteration {
  return { code, detail: truncate(escapeForDisplay(hideAddresses(detail)), LONGEST) };
}

/** One if it holds, none otherwise. */
export function alterationIf(holds: boolean, code: AlterationCode, detail: string): readonly Alteration[] {
  return holds ? [alteration(code, detail)] : [];
}
