using System.CommandLine;
using System.Net;
using Freeway.Runner.Clock;

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

    /// <summary>The address that the functions listen at; null where none is given.</summary>
    public static Option<IPAddress?> Bind() => new("--bind")
    {
        Description = "IP address that the functions listen at, 0.0.0.0 or :: for every network; without it this machine "
            + "alone reaches them. It is plain http: put a TLS proxy in front",
        HelpName = "ADDRESS",
        CustomParser = result =>
        {
            if (IPAddress.TryParse(result.Tokens[0].Value, out var address))
            {
                return address;
            }

            result.AddError($"--bind: {result.Tokens[0].Value} is no IP address, give one like 0.0.0.0.");
            return null;
        },
    };

    public static Option<string> DataFolder() => new("--data")
    {
        Description = "Folder of all local state",
        HelpName = "DIR",
        DefaultValueFactory = _ => Path.Combine(Local.RepositoryRoot.Find() ?? ".", ".local"),
    };

    /// <summary>A clock that somebody moves by hand; the option's value is the moment that it begins with.</summary>
    public static Option<string?> Clock()
    {
        var clock = new Option<string?>("--clock")
        {
            Description = "Play with time: the clock stands at this moment, or at now, until POST /admin/clock moves "
                + "it. Without --data the state goes with the run",
            HelpName = "MOMENT",
            Arity = ArgumentArity.ZeroOrOne,
        };
        clock.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !ClockMoment.TryRead(token.Value, out _))
            {
                result.AddError(
                    $"--clock: {token.Value} is no moment with its zone between {ClockMoment.First.Year} and "
                    + $"{ClockMoment.Last.Year}, give one like {ClockMoment.Example}.");
            }
        });
        return clock;
    }

    public static Option<string?> ReadyFile() => new("--ready-file")
    {
        Description = "File that gets a JSON object with addresses, keys and process id once all is ready",
        HelpName = "PATH",
    };
}
