/** Every setting, once: its type, default and scope. The manifest's section is made from this table (a test compares them). */

/** `machine-overridable`: may be set per machine and workspace, but never travels with synchronised settings. */
type Scope = 'window' | 'resource' | 'machine-overridable';

interface SettingEntry {
  readonly type: 'string' | 'boolean' | 'integer';
  readonly default: string | boolean | number;
  readonly scope: Scope;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly choices?: readonly string[];
}

export const SETTINGS = {
  'runner.node': { type: 'string', default: '', scope: 'machine-overridable' },
  'runner.workers': { type: 'integer', default: 0, minimum: 0, maximum: 64, scope: 'machine-overridable' },
  'runner.calibrate': { type: 'boolean', default: true, scope: 'machine-overridable' },
  'dashboard.openOnRun': { type: 'boolean', default: true, scope: 'window' },
  'editor.showMeasuredValues': { type: 'boolean', default: true, scope: 'resource' },
  'report.openIn': { type: 'string', default: 'editor', choices: ['editor', 'browser'], scope: 'window' },
  'trace.server': { type: 'string', default: 'off', choices: ['off', 'messages', 'verbose'], scope: 'window' },
} as const satisfies Record<string, SettingEntry>;

export type SettingName = keyof typeof SETTINGS;

/** Settings a workspace that is not trusted cannot set: they name programs to start. */
export const RESTRICTED_SETTINGS: readonly string[] = ['benchwright.runner.node'];

export interface Settings {
  /** A Node to run under instead of VS Code's own. */
  readonly nodePath?: string;
  /** Load worker threads; absent: the runner decides. */
  readonly workers?: number;
  /** Whether runs are preceded by a calibration. */
  readonly calibrates: boolean;
  readonly opensDashboard: boolean;
  readonly showsMeasuredValues: boolean;
  readonly opensReportIn: 'editor' | 'browser';
}

/** What somebody wrote into settings.json may be of any type: a value of the wrong one counts as not written. */
export function readSettings(get: (name: SettingName) => unknown): Settings {
  const read = (name: SettingName): string | boolean | number => {
    const entry: SettingEntry = SETTINGS[name];
    const value = get(name);
    return isValid(entry, value) ? value : entry.default;
  };
  const nodePath = String(read('runner.node')).trim();
  const workers = Number(read('runner.workers'));
  return {
    ...(nodePath === '' ? {} : { nodePath }),
    ...(workers === 0 ? {} : { workers }),
    calibrates: read('runner.calibrate') === true,
    opensDashboard: read('dashboard.openOnRun') === true,
    showsMeasuredValues: read('editor.showMeasuredValues') === true,
    opensReportIn: read('report.openIn') === 'browser' ? 'browser' : 'editor',
  };
}

/** `contributes.configuration.properties` of package.json. */
export function settingsManifest(): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(SETTINGS).map(([name, entry]: [string, SettingEntry], index) => [
      `benchwright.${name}`,
      {
        type: entry.type,
        default: entry.default,
        scope: entry.scope,
        order: index,
        markdownDescription: `%setting.${name}%`,
        ...(entry.minimum === undefined ? {} : { minimum: entry.minimum }),
        ...(entry.maximum === undefined ? {} : { maximum: entry.maximum }),
        ...(entry.choices === undefined
          ? {}
          : {
              enum: entry.choices,
              enumDescriptions: entry.choices.map((choice) => `%setting.${name}.${choice}%`),
            }),
      },
    ]),
  );
}

function isValid(entry: SettingEntry, value: unknown): value is string | boolean | number {
  if (entry.type === 'integer')
    return (
      Number.isInteger(value) &&
      Number(value) >= (entry.minimum ?? Number.NEGATIVE_INFINITY) &&
      Number(value) <= (entry.maximum ?? Number.POSITIVE_INFINITY)
    );
  return typeof value === entry.type && (entry.choices === undefined || entry.choices.includes(String(value)));
}
