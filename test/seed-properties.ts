/** Before each file of tests: the seed of fast-check. */
import fc from 'fast-check';
import { anySeed } from './seed.ts';

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: anySeed });
