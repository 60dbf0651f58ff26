// Names: each is defined once, found, used, and in no circle; functions and decorators exist and get as many arguments as they take.
import { decorators, functions, surroundings } from './functions.mjs';
import { everything, shape } from './project.mjs';

export function checkNames(project) {
  for (const file of project.files.values()) {
    const report = (rule, line, message) => project.report(rule, file, line, message);
    checkTwice(file, report);
    checkDecorators(file, report);
    const uses = new Map(file.declarations.map(one => [one, checkUses(file, one, report)]));
    checkUnused(file, new Set([...uses.values()].flatMap(names => [...names])), report);
    checkCircles(file, uses, report);
  }
}

function checkTwice(file, report) {
  const seen = new Set();
  for (const one of file.declarations.filter(one => one.name)) {
    const name = `${one.keyword === 'output' ? 'output ' : ''}${one.name}`;
    if (seen.has(name)) { report('twice', one.line, `${name} is there twice`); }
    seen.add(name);
  }

  for (const resource of file.resources) {
    checkMembers(resource.body, report);
  }
}

function checkMembers(object, report) {
  const seen = new Set();
  for (const one of object?.properties ?? []) {
    const name = shape(one.key);
    if (seen.has(name)) { report('twice', one.line, `${one.key.parts} is there twice`); }
    seen.add(name);
    checkMembers(one.value, report);
  }
}

function checkDecorators(file, report) {
  for (const one of file.declarations) {
    for (const decorator of one.decorators) {
      const name = decorator.of?.name;
      const bounds = decorators[name];
      if (!bounds) {
        report('decorator', one.line, `there is no decorator @${name}`);
      } else if (decorator.arguments.length < bounds[0] || decorator.arguments.length > bounds[1]) {
        report('arguments', one.line, `@${name} takes ${bounds[0]}`);
      }
    }
  }
}

/** @returns the symbols that the declaration uses. */
function checkUses(file, declaration, report) {
  const used = new Set();
  for (const { expression, locals, tests } of everything(declaration)) {
    if (expression.kind === 'name' && !locals.has(expression.name)) {
      const symbol = file.symbols.get(expression.name);
      if (!symbol) {
        report('undefined', expression.line, `${expression.name} is not defined`);
        continue;
      }

      used.add(symbol);
      if (symbol.condition && !tests.some(test => shape(test) === shape(symbol.condition)) && declaration !== symbol) {
        report('conditional', expression.line, `${expression.name} is there only under its condition, which is not asked here`);
      }
    } else if (expression.kind === 'call') {
      checkCall(declaration, expression, report);
    } else if (expression.kind === 'member' && expression.of.kind === 'call' && expression.of.of.name in surroundings) {
      const { name } = expression.of.of;
      if (!surroundings[name].includes(expression.name)) { report('property', expression.line, `${name}() has no ${expression.name}`); }
    } else if (expression.kind === 'nested') {
      checkNested(file, expression, report);
    }
  }

  return used;
}

function checkCall(declaration, call, report) {
  const name = call.of.name;
  const known = functions[name];
  if (!known || call.of.kind !== 'name') {
    report('function', call.line, `there is no function ${name}, or none that is used here`);
  } else if (call.arguments.length < known[0] || call.arguments.length > known[1]) {
    report('arguments', call.line, `${name} takes ${known[0]}${known[1] > known[0] ? ` to ${known[1]}` : ''} arguments, not ${call.arguments.length}`);
  }

  if (name === 'utcNow' && declaration.keyword !== 'param') {
    report('function', call.line, 'utcNow is for the default of a parameter only');
  }
}

function checkNested(file, expression, report) {
  const outer = file.symbols.get(expression.of.name);
  if (!outer?.body?.resources?.some(one => one.name === expression.name)) {
    report('undefined', expression.line, `${expression.of.name} has no nested resource ${expression.name}`);
  }
}

function checkUnused(file, used, report) {
  for (const one of file.symbols.values()) {
    const matters = ['param', 'var'].includes(one.keyword) || one.existing;
    if (matters && !used.has(one)) { report('unused', one.line, `${one.name} is not used`); }
  }
}

function checkCircles(file, uses, report) {
  const state = new Map();
  const visit = one => {
    state.set(one, 'open');
    for (const next of uses.get(one) ?? []) {
      if (state.get(next) === 'open') {
        report('circle', one.line, next === one ? `${one.name} needs itself` : `${one.name} and ${next.name} need each other`);
      } else if (!state.has(next)) {
        visit(next);
      }
    }

    state.set(one, 'done');
  };
  file.declarations.filter(one => !state.has(one)).forEach(visit);
}
