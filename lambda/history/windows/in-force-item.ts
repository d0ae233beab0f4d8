/** What was in force in the last pass of the judge: what begins, ends or changes is found by comparing with it. */
import { mutesKey } from '../table/keys.ts';
import type { Item } from '../table/table.ts';
import { isCount, isFields, isListOf, isNumber, isText } from '../table/type-guards.ts';
import { must } from '../table/unreadable.ts';

export interface OpenPlannedTime {
  readonly kind: 'window' | 'mute';
  readonly id: string;
  /** When it begins by the config or the mute; epoch milliseconds. */
  readonly begins: number;
  /** From when on it is kept, which is part of its key. Later than `begins` if the config was changed meanwhile. */
  readonly from: number;
  readonly until: number;
  /** A digest of its subjects. */
  readonly subjects: string;
}

export interface OpenPlannedTimes {
  readonly open: readonly OpenPlannedTime[];
  /** 0: none is stored. */
  readonly version: number;
}

export const NOTHING_OPEN: OpenPlannedTimes = { open: [], version: 0 };

export function openPlannedItem(open: readonly OpenPlannedTime[], version: number): Item {
  return { pk: mutesKey.pk, sk: mutesKey.inForce, open, version };
}

/** @throws where it is none */
export function openPlannedOf({ open, version }: Item): OpenPlannedTimes {
  must(isListOf(open, isOpen) && isCount(version), 'what was in force');
  return { open, version };
}

function isOpen(value: unknown): value is OpenPlannedTime {
  return (
    isFields(value) &&
    (value.kind === 'window' || value.kind === 'mute') &&
    isText(value.id) &&
    isText(value.subjects) &&
    [value.begins, value.from, value.until].every(isNumber)
  );
}
