// Builds the interface into regulars/static/dist: `node interface/build.mjs` (a few seconds, same input → same output).
import { spawnSync } from "node:child_process";
import { brotliCompressSync } from "node:zlib";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { basecoat } from "./basecoat.mjs";
import { sprite } from "./icons.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "regulars/static/dist");
const cache = join(root, "node_modules/.cache/regulars");
const quiet = process.argv.includes("--quiet");
process.chdir(root);
mkdirSync(join(dist, "fonts"), { recursive: true });
mkdirSync(cache, { recursive: true });

// The module "all-behaviours": every file in interface/behaviours under its own name.
const behaviours = {
  name: "behaviours",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^all-behaviours$/ }, () => ({ path: "all", namespace: "behaviours" }));
    onLoad({ filter: /.*/, namespace: "behaviours" }, () => {
      const names = readdirSync("interface/behaviours").filter((file) => file.endsWith(".js")).map((file) => file.slice(0, -3)).sort();
      const imports = names.map((name, at) => `import b${at} from "./behaviours/${name}.js";`);
      const entries = names.map((name, at) => `${JSON.stringify(name)}: b${at}`);
      return { contents: `${imports.join("\n")}\nexport default { ${entries.join(", ")} };`, resolveDir: join(root, "interface") };
    });
  },
};

writeFileSync(join(cache, "basecoat.css"), basecoat(root));
for (const part of ["latin", "latin-ext"])
  copyFileSync(
    `node_modules/@fontsource-variable/figtree/files/figtree-${part}-wght-normal.woff2`,
    join(dist, `fonts/figtree-${part}.woff2`),
  );
writeFileSync(join(dist, "icons.svg"), sprite(root));
await build({
  entryPoints: { app: "interface/app.js", theme: "interface/theme.js", worker: "interface/worker.js", charts: "interface/charts.js" },
  outdir: dist,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022"],
  legalComments: "none",
  plugins: [behaviours],
  logLevel: "warning",
});
// On Windows and in odd installs .bin may be missing, so the CLI is started by its file.
const tailwind = ["node_modules/@tailwindcss/cli/dist/index.mjs", "-i", "interface/app.css", "-o", join(dist, "app.css"), "--minify"];
const run = spawnSync(process.execPath, tailwind, { encoding: "utf8" });
if (run.status !== 0) {
  process.stderr.write(run.stderr || run.stdout);
  process.exit(1);
}

if (!quiet) {
  let visit = 0;
  for (const name of ["app.css", "app.js", "theme.js", "icons.svg", "worker.js", "charts.js"]) {
    const raw = readFileSync(join(dist, name));
    const small = brotliCompressSync(raw).length;
    if (name !== "worker.js" && name !== "charts.js") visit += small;
    console.log(`${name.padEnd(12)} ${(raw.length / 1000).toFixed(1).padStart(7)} kB  ${(small / 1000).toFixed(1).padStart(6)} kB compressed`);
  }
  console.log(`first visit  ${" ".repeat(10)}  ${(visit / 1000).toFixed(1).padStart(6)} kB compressed, without fonts and the page itself`);
}
