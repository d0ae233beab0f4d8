import type { IncidentNotice } from '../../../lambda/reports/status/incident-notices.ts';
import type { Clock } from '../../arguments/clock-and-time-zone.ts';
import type { Screen } from '../layout/screen.ts';
import type { PaintedText } from '../layout/wrap.ts';
import { noticeText } from '../planned/incident-notice.ts';
import type { Board } from './board.ts';

/** As alerts are, in UTC. */
function clockOf({ round }: Pick<Board, 'round'>): Clock {
  return { now: Date.parse(round), utc: true };
}

/** Below a board there is no room for those of a fleet. */
const MOST_SHOWN = 8;

export function noticeTexts(board: Pick<Board, 'round' | 'notices'>): readonly string[] {
  const { notices = [] } = board;
  const more = notices.length - MOST_SHOWN;
  const shown = notices.slice(0, MOST_SHOWN).map((notice) => noticeText(notice, clockOf(board)));
  return more > 0 ? [...shown, `and ${more} more: npx smtp-quorum status`] : shown;
}

export interface NoticeChanges {
  /** Those that are new, or not as they were. */
  next(board: Pick<Board, 'round' | 'notices'>): readonly string[];
}

export function openNoticeChanges(): NoticeChanges {
  let shown: ReadonlyMap<string, string> = new Map();
  return {
    next: (board) => {
      const now = new Map((board.notices ?? []).map((one) => [one.incident, textOf(one, board)]));
      const changed = [...now].filter(([incident, text]) => shown.get(incident) !== text).map(([, text]) => text);
      shown = now;
      return changed;
    },
  };
}

function textOf(notice: IncidentNotice, board: Pick<Board, 'round'>): string {
  return noticeText(notice, clockOf(board));
}

/** `06:09:48 UTC  mx1: nobody is told, in the maintenance window patches until …` */
export function noticeParts(text: string, round: string, { paint }: Screen): readonly PaintedText[] {
  return [{ text: `${round.slice(11, 19)} UTC`, paint: paint.dim }, { text: '  ' }, { text }];
}
