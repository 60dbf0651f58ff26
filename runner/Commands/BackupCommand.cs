using System.CommandLine;
using Freeway.EmbeddedTables;
using Freeway.Runner.Local;

namespace Freeway.Runner.Commands;

/// <summary>Writes the embedded tables into one new file, also while a Freeway runs on them.</summary>
internal static class BackupCommand
{
    public static Command Create()
    {
        var target = new Argument<string>("file") { Description = "The new file; it must not be there yet" };
        var data = CommonOptions.DataFolder();
        var command = new Command("backup", "Writes the embedded tables into one new file, also while Freeway runs")
        {
            target, data,
        };
        command.SetAction(parsed =>
        {
            var file = parsed.GetValue(target)!;
            try
            {
                TableDatabase.BackUp(DataFolder.TablesOf(parsed.GetValue(data)!), file);
                parsed.InvocationConfiguration.Output.WriteLine($"backup: {Path.GetFullPath(file)}");
                return 0;
            }
            catch (TableFileException error)
            {
                parsed.InvocationConfiguration.Error.WriteLine($"freeway: {error.Message}");
                return 1;
            }
        });
        return command;
    }
}
