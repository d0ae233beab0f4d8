/** What `start` and `status` show of incidents that are held or acknowledged. */
import { expect, test } from 'vitest';
import { screenOf } from '../../../../bin/display/layout/screen.ts';
import type { Board } from '../../../../bin/display/live/board.ts';
import { openBoardView } from '../../../../bin/display/live/board-view.ts';
import { openJsonView } from '../../../../bin/display/live/json-view.ts';
import { openLineView } from '../../../../bin/display/live/line-view.ts';
import { noticeText } from '../../../../bin/display/planned/incident-notice.ts';
import type { Notification } from '../../../../lambda/consensus/notification/notification.ts';
import { type IncidentNotice, incidentNotices } from '../../../../lambda/reports/status/incident-notices.ts';
import { alert, context } from '../../../alert/alerts.ts';

const since = '2026-11-22T05:08:00Z';
const until = '2026-11-22T06:00:00Z';
const acknowledged = { at: '2026-11-22T05:09:00Z', by: 'operator (Slack)' };
const clock = { now: Date.parse('2026-11-22T05:10:00Z'), utc: true };
const notice = (extra: Partial<IncidentNotice>): IncidentNotice => {
  return { subject: 'mx1', incident: `mx1@${since}`, held: null, acknowledged: null, ...extra };
};

test.each([
  [
    notice({ held: { why: 'window', what: 'patches', since, until } }),
    'mx1: nobody is told, in the maintenance window patches until 2026-11-22 06:00:00 UTC',
  ],
  [
    notice({ held: { why: 'mute', what: 'new \u001b[31mdisk', since, until }, acknowledged }),
    'mx1: nobody is told, muted until 2026-11-22 06:00:00 UTC: new \\x1b[31mdisk; acknowledged by operator (Slack), 2026-11-22 05:09:00 UTC',
  ],
  [
    notice({ held: { why: 'behind', what: 'gateway', since, until: null } }),
    'mx1: told as part of gateway, which is down',
  ],
  [notice({ acknowledged }), 'mx1: acknowledged by operator (Slack), 2026-11-22 05:09:00 UTC'],
])('%j', (one, text) => {
  expect(noticeText(one, clock)).toBe(text);
});

test('they are those of open notifications', () => {
  const open = { alert: alert('down'), incident: 'mx1@x', held: null, acknowledged, closed: null } as Notification;
  expect(incidentNotices([open, { ...open, closed: since }, { ...open, acknowledged: null }])).toEqual([
    { subject: 'mx1', incident: 'mx1@x', held: null, acknowledged },
  ]);
});

const board = (notices?: readonly IncidentNotice[]): Board => {
  return { round: since, number: 1, vantages: ['local'], rows: [], ...(notices && { notices }) };
};

function written(open: typeof openLineView) {
  const texts: string[] = [];
  const screen = screenOf({ isTTY: false } as NodeJS.WriteStream);
  const view = open({ write: (text: string) => void texts.push(text), columns: 200 } as never, screen, context);
  return { view, take: () => texts.splice(0).join('') };
}

test('in a pipe each is a line once, and again when it changes', () => {
  const { view, take } = written(openLineView);
  view.showRound(board([notice({ acknowledged })]));
  expect(take()).toContain('05:08:00 UTC  mx1: acknowledged by operator (Slack)');
  view.showRound(board([notice({ acknowledged })]));
  expect(take()).not.toContain('mx1');
  view.showRound(board([notice({ acknowledged, held: { why: 'mute', what: 'disk', since, until } })]));
  expect(take()).toContain('mx1: nobody is told, muted until');
});

test('the board has them below it, at most eight; JSON has all', () => {
  const many = Array.from({ length: 20 }, (_, at) => notice({ incident: `t${at}`, subject: `t${at}`, acknowledged }));
  const { view, take } = written(openBoardView);
  view.showRound(board(many));
  const text = take();
  expect(text).toContain('t7: acknowledged by operator (Slack)');
  expect(text).not.toContain('t8:');
  expect(text).toContain('and 12 more: npx smtp-quorum status');
  const json = written((output, _screen, shown) => openJsonView(output, shown));
  json.view.showRound(board(many));
  expect(JSON.parse(json.take()).notices).toHaveLength(20);
});
