/** Messages of one incident, and the ports of senders. */
import type { Sender, SentMessage } from '../../../../lambda/alert/channels/sender.ts';
import type { ServicePorts, VoiceCall } from '../../../../lambda/alert/channels/service-ports.ts';
import { PLAIN } from '../../../../lambda/alert/words/late-delivery-note.ts';
import type { Alert, AlertKind } from '../../../../lambda/consensus/judgement/incident.ts';
import { alert, context, incident } from '../../alerts.ts';

export const pagerKey = 'R0123456789abcdef0123456789abcde';
export const rotatedKey = 'R99999999999999999999999999abcde';

export function message(kind: AlertKind, changed: Partial<Alert> = {}): SentMessage {
  return { ...PLAIN, alert: alert(kind, changed) };
}

export const closed = { ...incident, closed: '2026-11-22T05:20:00Z', verdict: 'up' as const };
export const recovered = message('recovered', { is: 'up', was: 'down', incident: closed });

/** As routing issues it. */
export function acknowledged(): SentMessage {
  const by = { at: '2026-11-22T05:12:00Z', by: 'ops@example.com' };
  const again = { why: 'acknowledged', since: incident.opened, by: by.by };
  return message('update', { incident: { ...incident, acknowledged: by }, ...({ again } as object) });
}

/** As routing issues it at the end of a mute. */
export function acknowledgedBefore(): SentMessage {
  const by = { at: '2026-11-22T05:12:00Z', by: 'ops@example.com' };
  const hold = { why: 'mute', what: 'new cable', since: incident.opened, until: '2026-11-22T07:00:00Z' } as const;
  const again = { why: 'acknowledged', since: incident.opened, by: by.by, hold, isFirst: true } as const;
  return message('down', { incident: { ...incident, acknowledged: by }, again });
}

export interface Recorded extends ServicePorts {
  readonly published: { readonly topicArn: string; readonly text: string }[];
  readonly calls: VoiceCall[];
  readonly reads: (string | undefined)[];
}

/** @param secrets what each read of the secret returns; the last one from then on */
export function recordingPorts(secrets: readonly string[] = [pagerKey]): Recorded {
  const [published, calls, reads]: [Recorded['published'], VoiceCall[], (string | undefined)[]] = [[], [], []];
  return {
    config: context,
    published,
    calls,
    reads,
    async secret(_, refused) {
      reads.push(refused);
      return secrets[Math.min(reads.length, secrets.length) - 1] ?? '';
    },
    aws: {
      async publish(topicArn, text) {
        published.push({ topicArn, text });
        return 'm-1';
      },
      async call(call) {
        calls.push(call);
        return 'c-1';
      },
    },
  };
}

export function send(sender: Sender, sent: SentMessage) {
  return sender(sent, new AbortController().signal);
}

/** Whether no character is cut: half of a surrogate pair is none. */
export function isWhole(text: string): boolean {
  return !/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text);
}
