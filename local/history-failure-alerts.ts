/** Alerts about the history itself: that it cannot be written, and that it can be written again. */
import type { Alert } from '../lambda/consensus/judgement/incident.ts';
import { isoSeconds } from '../lambda/consensus/judgement/round-name.ts';
import type { Notice } from './database/repair.ts';

export interface HistoryNotices {
  /** Shows the notice, and sends an alert if it is about a change that people must know of. */
  add(notice: Notice): void;
  /** Sends the alerts that no receiver has accepted yet. */
  retry(): void;
}

/** Of these alerts, which are in memory alone, the latest are kept. */
const mostPending = 10;

export function historyNotices(
  show: (words: string) => void,
  sendAlert: (alert: Alert) => Promise<void>,
  now: () => number = Date.now,
): HistoryNotices {
  let pending: readonly Alert[] = [];
  let sending = false;

  const retry = (): void => {
    const [alert] = pending;
    if (alert === undefined || sending) return;
    sending = true;
    void sendAlert(alert)
      .then(
        () => {
          pending = pending.filter(({ id }) => id !== alert.id);
          return true;
        },
        () => false,
      )
      .then((isSent) => {
        sending = false;
        if (isSent) retry();
      });
  };

  return {
    add({ words, change }) {
      show(words);
      if (change === undefined) return;
      pending = [...pending, alertOf(words, change, isoSeconds(now()))].slice(-mostPending);
      retry();
    },
    retry,
  };
}

function alertOf(reason: string, change: NonNullable<Notice['change']>, at: string): Alert {
  const [was, is] = change === 'degraded' ? (['up', 'degraded'] as const) : (['degraded', 'up'] as const);
  return {
    id: `history@${at}#${change}`,
    kind: change,
    subject: 'history',
    at,
    was,
    is,
    incident: null,
    votes: [],
    reason,
  };
}
