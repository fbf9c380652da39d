// The page is bundled on this machine from its sources; it takes a second.
import { buildDashboard, isDashboardBuilt } from '../../../services/dashboard/build.mjs'

/** @returns {import('./steps.mjs').Step} */
export function dashboard() {
  return { title: 'the dashboard', isDone: isDashboardBuilt, run: buildDashboard }
}
