import { localChannels } from '../../lambda/alert/delivery/configured-channels.ts';
import type { Config } from '../../lambda/config/config.ts';
import type { Policy } from '../../lambda/consensus/judgement/policy.ts';
import { openDeliveries } from '../../lambda/deliver/delivery-table.ts';
import { type History, openHistory } from '../../lambda/history/history.ts';
import type { JudgePorts } from '../../lambda/ports.ts';
import { type InMemoryTable, openInMemoryTable } from '../history/table/in-memory-table.ts';

/** A machine of one vantage with a clock that the test sets. */
export interface Machine {
  readonly clock: { now: number };
  readonly table: InMemoryTable;
  readonly history: History;
  readonly config: Config;
  readonly ports: JudgePorts;
}

/** @param make gets the alerts */
export function openMachine(
  start: number,
  policy: Policy,
  watched: object,
  make: JudgePorts['deliveries']['make'] = async () => {},
): Machine {
  const clock = { now: start };
  const now = () => clock.now;
  const table = openInMemoryTable(now);
  const history = openHistory(table, { now });
  const config = { name: 'test', home: 'local', policy, ...watched } as unknown as Config;
  const ports: JudgePorts = {
    config,
    vantage: 'local',
    history,
    publishEvents: async () => {},
    channels: localChannels({ notify: [] }),
    deliveries: { ...openDeliveries(table, { now }), make },
    secret: async () => '',
    now,
    log: () => {},
  };
  return { clock, table, history, config, ports };
}
