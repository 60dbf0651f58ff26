using System.CommandLine;
using System.CommandLine.Invocation;
using Freeway.Runner.Commands;

var parsed = RunCommand.Create().Parse(args);
if (parsed.Action is ParseErrorAction wrong)
{
    wrong.ShowHelp = false;
}

// Signals are ours: a stop takes as long as the requests under way need.
return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
