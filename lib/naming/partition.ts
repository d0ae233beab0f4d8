/** Partitions of AWS, each with accounts of its own. */
export type Partition = 'aws' | 'aws-cn' | 'aws-us-gov';

/** China's and GovCloud's go by the region's own name. */
export function partitionOf(region: string): Partition {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** Whether a rule may put events on a bus of another region: announced for the commercial regions, and for no others. */
export function carriesBetweenRegions(partition: Partition): boolean {
  return partition === 'aws';
}
