using System.CommandLine;

namespace Freeway.Runner.Commands;

/// <summary>Options that several commands have.</summary>
internal static class CommonOptions
{
    public static Option<int> Port(int wanted, string what)
    {
        var port = new Option<int>("--port")
        {
            Description = $"TCP port of {what} on this machine; 0 takes a free one",
            HelpName = "N",
            DefaultValueFactory = _ => wanted,
        };
        port.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (!int.TryParse(token.Value, out var given) || given is < 0 or > 65535))
            {
                result.AddError($"--port: {token.Value} is no port, give 0 to 65535.");
            }
        });
        return port;
    }

    public static Option<string> DataFolder() => new("--data")
    {
        Description = "Folder of all local state",
        HelpName = "DIR",
        DefaultValueFactory = _ => Path.Combine(Local.RepositoryRoot.Find() ?? ".", ".local"),
    };

    public static Option<string?> ReadyFile() => new("--ready-file")
    {
        Description = "File that gets a JSON object with addresses, keys and process id once all is ready",
        HelpName = "PATH",
    };
}
