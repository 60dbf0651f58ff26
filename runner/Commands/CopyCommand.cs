using System.CommandLine;
using Azure;
using Azure.Identity;
using Freeway.Runner.Copying;
using Freeway.Runner.Local;

namespace Freeway.Runner.Commands;

/// <summary>Copies all tables of a stopped Freeway from a data folder to a storage account, or back.</summary>
internal static class CopyCommand
{
    private const string Ends = "a data folder, a connection string, the https address of a table service (by identity), "
        + $"or \"{TableEnd.OfSettings}\" for the account that the settings name";

    public static Command Create()
    {
        var from = new Option<string>("--from") { Description = $"The source: {Ends}", HelpName = "END", Required = true };
        var to = new Option<string>("--to") { Description = "The target, named likewise; it must be empty", HelpName = "END", Required = true };
        var resume = new Option<bool>("--resume")
        {
            Description = "Go on with a copy that was cut off: what the target has must be as in the source",
        };
        var command = new Command(
            "copy",
            "Copies all tables of a stopped Freeway to Table Storage and back. Tables have the prefix of the settings")
        {
            from, to, resume,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var output = parsed.InvocationConfiguration.Output;
            var run = new CopyRun(parsed.GetValue(from)!, parsed.GetValue(to)!, parsed.GetValue(resume), output.WriteLine);
            try
            {
                await run.CopyAsync(cancellation);
                return 0;
            }
            catch (Exception error) when (IsExpected(error))
            {
                parsed.InvocationConfiguration.Error.WriteLine($"freeway: {OneLine(error)}");
                if (run.Copied > 0)
                {
                    parsed.InvocationConfiguration.Error.WriteLine(
                        $"freeway: {CopyRun.Entities(run.Copied)} were copied until then; the same command with --resume goes on.");
                }

                return 1;
            }
        });
        return command;
    }

    private static bool IsExpected(Exception error) => error is LocalSetupException or ArgumentException or IOException
        or RequestFailedException or AuthenticationFailedException or AggregateException or OperationCanceledException;

    /// <summary>The SDK's messages go on with headers and a body.</summary>
    private static string OneLine(Exception error)
    {
        var first = error is AggregateException { InnerException: { } inner } ? inner : error;
        return first.Message.Split('\n', 2)[0].TrimEnd();
    }
}
