using System.CommandLine;
using Freeway.Bench.Inner;
using Freeway.Bench.Measure;
using Freeway.Bench.Targets;

var quick = new Option<bool>("--quick") { Description = "One short round without paid requests, in under a minute" };
var rounds = new Option<int>("--rounds") { Description = "How many interleaved rounds", DefaultValueFactory = _ => 5 };
var seconds = new Option<double>("--seconds") { Description = "How long each load runs in a round", DefaultValueFactory = _ => 3 };
var azurite = new Option<bool>("--azurite") { Description = "Keep the tables in Azurite instead of embedded" };
var measure = new RootCommand("Measures Freeway beside YARP and a plain upstream, on this machine") { quick, rounds, seconds, azurite };
measure.SetAction(async (parsed, _) =>
{
    var (clock, output) = (TimeProvider.System, parsed.InvocationConfiguration.Output);
    var isQuick = parsed.GetValue(quick);
    var options = new MeasureOptions(
        isQuick,
        isQuick ? 1 : parsed.GetValue(rounds),
        TimeSpan.FromSeconds(isQuick ? 3 : 60),
        20_000,
        TimeSpan.FromSeconds(isQuick ? 1.5 : parsed.GetValue(seconds)),
        parsed.GetValue(azurite));
    await using var targets = await BenchTargets.StartAsync(options.Azurite, clock);
    var results = await Measurement.RunAsync(targets, options, parsed.InvocationConfiguration.Error, clock);
    new ResultTable(results, targets).Write(output);
});

var ready = new Option<string>("--ready-file") { Required = true };
var address = new Option<string>("--upstream") { Required = true };
var upstream = new Command("upstream", "Runs the upstream alone") { ready };
upstream.SetAction((parsed, stop) =>
    TargetHost.RunAsync(parsed.GetValue(ready)!, _ => { }, BenchUpstream.Map, stop));
var yarp = new Command("yarp", "Runs YARP alone") { ready, address };
yarp.SetAction((parsed, stop) => TargetHost.RunAsync(
    parsed.GetValue(ready)!, services => YarpProxy.Add(services, parsed.GetValue(address)!), YarpProxy.Map, stop));

var target = new Argument<Target>("target") { Description = "What is called" };
var callers = new Option<int>("--callers") { DefaultValueFactory = _ => 64 };
var stream = new Option<bool>("--stream") { Description = "Ask for streams" };
var load = new Command("load", "Runs one load alone, says which process serves it, and leaves time to attach a profiler")
{
    target, callers, stream, seconds, azurite,
};
load.SetAction(async (parsed, _) =>
{
    var (clock, output) = (TimeProvider.System, parsed.InvocationConfiguration.Output);
    await using var targets = await BenchTargets.StartAsync(parsed.GetValue(azurite), clock);
    var cell = new Cell(parsed.GetValue(target), parsed.GetValue(callers), parsed.GetValue(stream));
    await CellResult.MeasureAsync(targets, cell, TimeSpan.FromSeconds(5), clock);
    await output.WriteLineAsync($"warm; the process is {targets.Process(cell.Target).Id}");
    var result = await CellResult.MeasureAsync(targets, cell, TimeSpan.FromSeconds(parsed.GetValue(seconds)), clock);
    var used = result.CpuPerThousand.Select(process => $"{process.Key} {process.Value:0.000}");
    await output.WriteLineAsync($"{result.Load.PerSecond:0} per s, CPU s per 1,000: {string.Join(", ", used)}");
});
measure.Add(load);

var before = new Option<string>("--before") { Description = "Folder of another build", Required = true };
var after = new Option<string?>("--after") { Description = "Folder of a build; the present one where it is missing" };
var compare = new Command("compare", "Compares two builds under one load, in interleaved rounds")
{
    target, callers, stream, rounds, seconds, azurite, before, after,
};
compare.SetAction(async (parsed, _) =>
{
    var clock = TimeProvider.System;
    await using var one = await BenchTargets.StartAsync(parsed.GetValue(azurite), clock, parsed.GetValue(before));
    await using var other = await BenchTargets.StartAsync(parsed.GetValue(azurite), clock, parsed.GetValue(after));
    var cell = new Cell(parsed.GetValue(target), parsed.GetValue(callers), parsed.GetValue(stream));
    await Comparison.RunAsync(
        one, other, cell, parsed.GetValue(rounds), TimeSpan.FromSeconds(parsed.GetValue(seconds)),
        parsed.InvocationConfiguration.Output, clock);
});
measure.Add(compare);

var count = new Command("count", "Counts calls, writes and allocated bytes of a request, which a busy machine does not change");
count.SetAction((parsed, _) => CountRun.RunAsync(parsed.InvocationConfiguration.Output, TimeProvider.System));
measure.Add(count);

var users = new Option<int>("--users") { Description = "How many end users there are", DefaultValueFactory = _ => 1_000_000 };
var requests = new Option<int>("--requests") { Description = "How many requests a round has of each kind", DefaultValueFactory = _ => 20_000 };
var endUsers = new Command("endusers", "Compares the ledger with and without limits of very many end users") { users, requests, callers, rounds };
endUsers.SetAction((parsed, _) => EndUserRun.RunAsync(
    parsed.GetValue(users), parsed.GetValue(requests), parsed.GetValue(callers), parsed.GetValue(rounds),
    parsed.InvocationConfiguration.Output, TimeProvider.System));
measure.Add(endUsers);

var orgs = new Option<int[]>("--orgs") { Description = "How many organisations there are; 0 measures none", DefaultValueFactory = _ => [1, 1_000, 100_000], AllowMultipleArgumentsPerToken = true };
var stored = new Option<int[]>("--stored") { Description = "How many requests are stored; 0 measures none", DefaultValueFactory = _ => [10_000, 100_000, 1_000_000], AllowMultipleArgumentsPerToken = true };
var paced = new Option<double>("--seconds") { Description = "How long each turn of the paced load takes", DefaultValueFactory = _ => 10 };
var growth = new Command(
    "growth", "Measures what ever more organisations cost, and what ever more stored requests cost those after them")
{
    orgs, stored, rounds, paced,
};
growth.SetAction(async (parsed, _) =>
{
    var output = parsed.InvocationConfiguration.Output;
    if (parsed.GetValue(orgs)!.Where(count => count > 0).ToList() is { Count: > 0 } ofOrgs)
    {
        await GrowthRun.RunAsync(ofOrgs, output);
    }

    if (parsed.GetValue(stored)!.Where(count => count > 0).ToList() is { Count: > 0 } ofStored)
    {
        await StoredRun.RunAsync(
            ofStored, parsed.GetValue(rounds), TimeSpan.FromSeconds(parsed.GetValue(paced)), output, TimeProvider.System);
    }
});
measure.Add(growth);

var inner = new Command("inner", "Measures the inner pieces by BenchmarkDotNet: times, and allocated bytes beside their ceilings") { quick };
inner.SetAction(parsed => InnerRun.Run(parsed.GetValue(quick), parsed.InvocationConfiguration.Output));
measure.Add(inner);
var worker = new Command("worker", "Compares Freeway in one process with Freeway in the real worker, tables in Azurite") { rounds, seconds };
worker.SetAction((parsed, _) => WorkerRun.RunAsync(
    parsed.GetValue(rounds), TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.InvocationConfiguration.Output,
    parsed.InvocationConfiguration.Error, TimeProvider.System));
measure.Add(worker);
measure.Add(upstream);
measure.Add(yarp);
return await measure.Parse(args).InvokeAsync();
