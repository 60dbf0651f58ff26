using Freeway.Feed;

// dotnet run -- <stamp file> <work folder>; started by EnsureLocalFeed.targets in the repository's root.
try
{
    await Filler.RunAsync(Environment.CurrentDirectory, stampFile: args[0], workFolder: args[1]);
    return 0;
}
catch (FeedException unable)
{
    // The canonical form, so that MSBuild shows it as an error of its own.
    Console.WriteLine($"eng/feed : error FEED001: {unable.Message}");
    return 1;
}
