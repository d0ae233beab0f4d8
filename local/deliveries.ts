/** Delivers alerts on one machine, beside the rounds: one task per channel, as the `deliver` function does on AWS. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sender, SentMessage } from '../lambda/alert/channels/sender.ts';
import { serviceSender } from '../lambda/alert/channels/service-sender.ts';
import { configuredWebhookSender } from '../lambda/alert/channels/webhook.ts';
import type { DeliveryChannel } from '../lambda/alert/delivery/configured-channels.ts';
import type { Config } from '../lambda/config/config.ts';
import { deliverChannel } from '../lambda/deliver/deliver-channel.ts';
import type { DeliverPorts } from '../lambda/ports.ts';
import { mailSender } from './mail-sender.ts';
import { readSecret } from './secrets.ts';

export interface Deliveries {
  /** Looks at once for what is pending on a channel. */
  wake(channel: string): void;
  /**
   * Lets attempts under way end for `patience` milliseconds, then breaks them off. What is pending stays in the table for
   * the next start.
   */
  stop(patience: number): Promise<void>;
}

/** Milliseconds until the next look, after an error of the table. */
const PAUSE_AFTER_ERROR = 5_000;

interface Task {
  /** Aborted, and replaced, by each wake. */
  woken: AbortController;
  readonly done: Promise<void>;
}

export function startDeliveries(ports: DeliverPorts, onError: (what: string, error: unknown) => void): Deliveries {
  const tasks = new Map<string, Task>();
  let isStopped = false;
  const brokenOff = new AbortController();
  const shift = { latestWait: 0, latestSend: Number.POSITIVE_INFINITY, signal: brokenOff.signal };

  const deliver = async (channel: string): Promise<number | null> => {
    try {
      return await deliverChannel(ports, channel, shift);
    } catch (error) {
      if (!brokenOff.signal.aborted) onError(`delivery to ${channel}`, error);
      return ports.now() + PAUSE_AFTER_ERROR;
    }
  };

  const run = async (channel: string): Promise<void> => {
    for (;;) {
      const { signal } = wokenOf(channel);
      const due = await deliver(channel);
      if (signal.aborted && !brokenOff.signal.aborted) continue;
      if (isStopped) return;
      await untilDue(due, signal);
    }
  };

  const untilDue = async (due: number | null, signal: AbortSignal): Promise<void> => {
    if (due !== null) return await ports.sleep(Math.max(0, due - ports.now()), signal);
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  };

  const wokenOf = (channel: string): AbortController => {
    const woken = new AbortController();
    const task = tasks.get(channel);
    if (task !== undefined) task.woken = woken;
    return woken;
  };

  const start = (channel: string): void => {
    const task: { -readonly [Key in keyof Task]: Task[Key] } = {
      woken: new AbortController(),
      done: Promise.resolve(),
    };
    tasks.set(channel, task);
    task.done = run(channel);
  };

  for (const { id } of ports.channels) start(id);

  return {
    wake: (channel) => {
      if (isStopped) return;
      const task = tasks.get(channel);
      if (task === undefined) start(channel);
      else task.woken.abort();
    },
    stop: async (patience) => {
      isStopped = true;
      // Each looks once more: the last judge may have made deliveries.
      for (const { woken } of tasks.values()) woken.abort();
      const done = Promise.all([...tasks.values()].map((task) => task.done));
      await Promise.race([done, sleep(patience, undefined, { ref: false })]);
      brokenOff.abort();
      await done;
    },
  };
}

/** Sends to the terminal, to webhooks, by the mail relay and to services. */
export function localSender(
  config: Config,
  show: (message: SentMessage) => void,
): (channel: DeliveryChannel) => Sender {
  return (channel) => {
    switch (channel.kind) {
      case 'terminal':
        return async (message) => {
          show(message);
          return { taken: true };
        };
      case 'webhook':
        return configuredWebhookSender(channel, { config, secret: readSecret });
      case 'email':
        return mailSenderFor(config, channel.address);
      case 'service':
        return serviceSender(channel.receiver, { config, secret: readSecret });
      case 'topic':
        throw new Error('there is no topic on one machine');
      default:
        return channel satisfies never;
    }
  };
}

function mailSenderFor(config: Config, address: string): Sender {
  if (config.smtp === undefined) throw new Error('e-mail needs `smtp` in the config');
  return mailSender(config.smtp, address, config);
}

/** Resolves early if the signal aborts. */
export async function sleepUntilAborted(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => {});
}
