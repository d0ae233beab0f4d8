/** Reads shards, and reads them again when the page was updated. */
import { useEffect, useState } from 'preact/hooks';
import type { HistoryShard } from '../../../lambda/reports/history-shards/shard.ts';
import type { ShardKey } from '../../../lambda/reports/history-shards/shard-keys.ts';
import type { ShardStore } from './shard-store.ts';

interface ReadShards {
  readonly shards: readonly HistoryShard[];
  readonly state: 'reading' | 'read' | 'missing';
}

const NOTHING: ReadShards = { shards: [], state: 'reading' };

/** @param version another one reads all again */
export function useShards(store: ShardStore, keys: readonly ShardKey[], version: number): ReadShards {
  const [found, setFound] = useState<ReadShards>(NOTHING);
  const names = keys.map(({ grain, first }) => `${grain} ${first}`).join();
  useEffect(() => {
    let isCurrent = true;
    let isMissing = false;
    setFound(({ shards }) => ({ shards, state: 'reading' }));
    const reading = keys.map((key) =>
      store.read(key, () => {
        isMissing = true;
      }),
    );
    Promise.all(reading).then((all) => {
      if (!isCurrent) return;
      setFound({ shards: all.filter((shard) => shard !== null), state: isMissing ? 'missing' : 'read' });
    });
    return () => {
      isCurrent = false;
    };
  }, [store, names, version]);
  return found;
}
