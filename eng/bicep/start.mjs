// Names, conditions and what loops go over must be known when a deployment starts: no property that Azure makes up later.
import { everything, property } from './project.mjs';

const known = ['id', 'name', 'type', 'apiVersion'];

export function checkStart(project) {
  for (const file of project.files.values()) {
    const hold = (expression, what) => {
      const late = expression && findLate(file, expression, new Set());
      if (late) { project.report('start', file, expression.line, `${what} needs ${late}, which is not known at the start`); }
    };
    for (const one of [...file.resources, ...file.of('module')]) {
      hold(one.loop?.of, `the loop of ${one.name}`);
      hold(one.condition, `the condition of ${one.name}`);
      hold(property(one.body, 'name')?.value, `the name of ${one.name}`);
    }

    for (const { expression } of file.declarations.flatMap(everything).filter(({ expression }) => expression.kind === 'for')) {
      hold(expression.of, 'a loop');
    }
  }
}

/** The first symbol whose later properties the expression needs, through variables too. */
function findLate(file, expression, seen) {
  const early = new Set();
  for (const { expression: inner, locals } of everything({ value: expression })) {
    if (inner.kind === 'member' && known.includes(inner.name)) { early.add(root(inner)); }
    const symbol = inner.kind === 'name' && !locals.has(inner.name) ? file.symbols.get(inner.name) : null;
    if (!symbol || seen.has(symbol)) {
      continue;
    }

    seen.add(symbol);
    if ((symbol.keyword === 'resource' && !early.has(inner)) || symbol.keyword === 'module') { return symbol.name; }
    const through = symbol.keyword === 'var' ? findLate(file, symbol.value, seen) : null;
    if (through) { return through; }
  }

  return null;
}

/** The symbol at the beginning of a chain that ends in one known property, e.g. of account.id and space::queue.id. */
function root(member) {
  return ['nested', 'index'].includes(member.of.kind) ? member.of.of : member.of;
}
