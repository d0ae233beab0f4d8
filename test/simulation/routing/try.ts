import { MANY_FAULTS, NO_FAULTS } from '../faults.ts';
import { PRODUCT } from './product.ts';
import { simulateRouting } from './simulate-routing.ts';
console.error = () => {};
const [seed = '1', from = '2026-10-24T00:00:00Z', days = '3', kind='many'] = process.argv.slice(2);
const began = performance.now();
const r = await simulateRouting(PRODUCT, { seed: Number(seed), from, days: Number(days), faults: kind === 'many' ? { ...MANY_FAULTS, clockStep: 0 } : NO_FAULTS });
console.log(r.violations.length, r.violations.slice(0, 12), r.incidents, JSON.stringify(r.messages), Math.round(performance.now() - began));
