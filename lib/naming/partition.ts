/** The partitions of AWS. Each has its own accounts. */
export type Partition = 'aws' | 'aws-cn' | 'aws-us-gov';

/** The prefix of a region's name determines its partition. */
export function partitionOf(region: string): Partition {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/**
 * Whether the target of a rule can be a bus in another region. AWS announced it for the commercial regions only.
 * https://aws.amazon.com/blogs/compute/introducing-cross-region-event-routing-with-amazon-eventbridge/
 */
export function forwardsBetweenRegions(partition: Partition): boolean {
  return partition === 'aws';
}

/**
 * Whether a vantage has a topic of its own for alarms. In the home region the topic there has them, where rules can forward to
 * the home bus.
 */
export function hasOperatorsTopic({ home }: { readonly home: string }, vantage: string): boolean {
  return vantage !== home || !forwardsBetweenRegions(partitionOf(vantage));
}
