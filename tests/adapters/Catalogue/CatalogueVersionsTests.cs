using Azure.Core;
using Freeway.Adapters.Tables;
using Freeway.Gateway.Catalogue.Format;
using Freeway.Gateway.Catalogue.Versions;
using Freeway.Tests.Shared;

namespace Freeway.Adapters.Tests.Catalogue;

/// <summary>Several processes share versions of the catalogue, on real tables, with answers that are lost.</summary>
public sealed class CatalogueVersionsTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>, IDisposable
{
    private readonly TableNames _names = AzuriteFixture.NewNames();
    private readonly List<CatalogueProcess> _processes = [];

    [Fact]
    public async Task Start_NothingStored_TheFileIsVersionOneAndActive()
    {
        var process = Start(10);

        (await process.AmountAsync()).ShouldBe(10);

        var head = (await process.HeadAsync())!;
        (head.Active.Number, head.Active.Source, head.FollowsFiles, head.Scheduled).ShouldBe((1, CatalogueSource.File, true, null));
        (await process.VersionsAsync()).ShouldHaveSingleItem().ShouldBe(head.Active);
        (await process.Archive.FindAsync(1, CancellationToken.None)).ShouldBe(head.Active);
        (await process.Archive.ReadAsync(head.Active.Stored, CancellationToken.None))!.Hash.ShouldBe(process.File.Bundle.Hash);
    }

    [Fact]
    public async Task Start_WithAnotherFile_TheLastOneWinsEverywhere()
    {
        var first = Start(10);
        await first.LookAsync();

        var second = Start(20);
        (await second.AmountAsync()).ShouldBe(20);
        (await first.LookAsync()).ShouldBe(20);

        // The first file again: it is known, and no version is made of it a second time.
        (await Start(10).AmountAsync()).ShouldBe(10);
        (await second.LookAsync()).ShouldBe(10);
        (await second.VersionsAsync()).Select(version => version.Number).ShouldBe([2, 1]);
    }

    [Fact]
    public async Task Start_AfterAnOperatorHasChosen_TheFileIsStoredAndNotActivated()
    {
        var first = Start(10);
        await first.LookAsync();
        await first.ChooseAsync(CatalogueProcess.Bundle(30));

        var second = Start(20);

        (await second.AmountAsync()).ShouldBe(30);
        second.Log.Lines.ShouldContain(line => line.Contains("version 3, which was stored and not activated: an operator has chosen version 2", StringComparison.Ordinal));
        var head = (await second.HeadAsync())!;
        (head.Active.Number, head.Latest.Number, head.Latest.Source).ShouldBe((2, 3, CatalogueSource.File));
        (await Start(10).AmountAsync()).ShouldBe(30);
        (await second.VersionsAsync()).Count.ShouldBe(3);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Start_ManyProcessesAtOnce_ThereIsOneVersionForEachFile(int files)
    {
        var processes = Enumerable.Range(0, 12).Select(number => Start(10 + (number % files))).ToList();

        await Task.WhenAll(processes.Select(process => process.LookAsync()));

        await ShouldBeSoundAsync(files);
        var amounts = await Task.WhenAll(processes.Select(process => process.LookAsync()));
        amounts.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Answers_LostAtRandom_NeverMakeAVersionTwiceNorLeaveAGap()
    {
        for (var seed = 1; seed <= 6; seed++)
        {
            using var storage = new FaultyTransport(seed, FaultRates.All(0.06));
            var processes = Enumerable.Range(0, 4).Select(number => Start(10 + number, transport: storage)).ToList();
            var tasks = processes.Select(async (process, number) =>
            {
                // As the keeper does: again and again.
                await SurelyAsync(() => process.LookAsync());
                await SurelyAsync(() => process.ChooseAsync(CatalogueProcess.Bundle(100 + number)));
            });
            await Task.WhenAll(tasks);
            storage.Faults.ShouldBeGreaterThan(0);
            await storage.SettleAsync();
        }

        await ShouldBeSoundAsync(8);
    }

    [Fact]
    public async Task Store_DiesHalfWay_NothingOfItIsVisible()
    {
        using var storage = new FaultyTransport(1, FaultRates.None);
        var process = Start(10, transport: storage);
        await process.LookAsync();
        var large = CatalogueProcess.Bundle(50, filler: Filler(5_000_000));
        var batches = 0;
        storage.Seen = request => batches += IsBatch(request) && IsOf(request, "content") && batches is 1 ? throw new IOException("The process was killed.") : IsBatch(request) ? 1 : 0;

        await Should.ThrowAsync<IOException>(process.ChooseAsync(large));

        storage.Seen = null;
        var head = (await process.HeadAsync())!;
        (head.Active.Number, head.Latest.Number).ShouldBe((1, 1));
        (await process.VersionsAsync()).Count.ShouldBe(1);
        (await process.LookAsync()).ShouldBe(10);

        // The same again is whole.
        var version = await process.ChooseAsync(large);
        (await Start(10).LookAsync()).ShouldBe(50);
        (await process.Archive.ReadAsync(version.Stored, CancellationToken.None))!.Hash.ShouldBe(large.Hash);
    }

    [Fact]
    public async Task Content_OfWhichARowIsMissing_IsNotThere()
    {
        var process = Start(10);
        var stored = await process.Archive.StoreAsync(CatalogueProcess.Bundle(50, filler: Filler(5_000_000)), CancellationToken.None);
        var table = await azurite.Account(_names).PatientAsync(_names.Catalogue, CancellationToken.None);

        await table.DeleteEntityAsync($"content|{stored}", "0001");

        (await process.Archive.ReadAsync(stored, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Head_KilledBeforeIt_TheContentIsNoVersion()
    {
        using var storage = new FaultyTransport(1, FaultRates.None);
        var dying = Start(10, transport: storage);
        storage.Seen = request => _ = IsBatch(request) && IsOf(request, "\"head\"", "doc") ? throw new IOException("The process was killed.") : 0;
        await Should.ThrowAsync<IOException>(dying.LookAsync());
        (await dying.HeadAsync()).ShouldBeNull();

        (await Start(20).AmountAsync()).ShouldBe(20);

        await ShouldBeSoundAsync(1);
    }

    [Fact]
    public async Task List_KilledBeforeTheEntry_TheHeadTellsAndTheNextVersionEntersIt()
    {
        using var storage = new FaultyTransport(1, FaultRates.None);
        var dying = Start(10, transport: storage);
        storage.Seen = request => _ = IsBatch(request) && IsOf(request, "version|") ? throw new IOException("The process was killed.") : 0;
        await dying.LookAsync();
        (await dying.Archive.FindAsync(1, CancellationToken.None)).ShouldBeNull();
        (await dying.VersionsAsync()).ShouldHaveSingleItem().Number.ShouldBe(1);

        await Start(20).LookAsync();

        await ShouldBeSoundAsync(2);
    }

    [Fact]
    public async Task Schedule_ItsTimeComes_EveryInstanceSwitchesWithoutALook()
    {
        var time = new ManualTime();
        using var storage = new FaultyTransport(1, FaultRates.None);
        CatalogueProcess[] processes = [Start(10, time, storage), Start(10, time, storage)];
        await processes[0].LookAsync();
        await processes[0].ChooseAsync(CatalogueProcess.Bundle(77), time.GetUtcNow() + TimeSpan.FromSeconds(20));
        foreach (var process in processes)
        {
            (await process.LookAsync()).ShouldBe(10);
        }

        storage.Down = true;
        time.Advance(TimeSpan.FromSeconds(19));
        (await processes[0].AmountAsync(), await processes[1].AmountAsync()).ShouldBe((10, 10));
        time.Advance(TimeSpan.FromSeconds(1));
        (await processes[0].AmountAsync(), await processes[1].AmountAsync()).ShouldBe((77, 77));

        // Also for those who come later, and once it has become the past.
        storage.Down = false;
        time.Advance(TimeSpan.FromDays(1));
        (await Start(10, time).AmountAsync()).ShouldBe(77);
        (await processes[0].LookAsync()).ShouldBe(77);
    }

    [Fact]
    public async Task Storage_Away_TheLastKnownCountsAndWhoNeverReadOneHasNone()
    {
        var time = new ManualTime();
        using var storage = new FaultyTransport(1, FaultRates.None);
        var known = Start(10, time, storage);
        await known.LookAsync();

        storage.Down = true;
        time.Advance(TimeSpan.FromHours(5));
        (await known.AmountAsync()).ShouldBe(10);
        (await Start(10, time, storage).AmountAsync()).ShouldBeNull();

        storage.Down = false;
        await Start(10, time).ChooseAsync(CatalogueProcess.Bundle(5));
        time.Advance(TimeSpan.FromSeconds(1));
        (await known.AmountAsync()).ShouldBe(10, "it has just looked in vain, and does not try for every request");
        time.Advance(TimeSpan.FromSeconds(30));
        (await known.AmountAsync()).ShouldBe(5, "it was frozen, and looks before it serves");
    }

    [Fact]
    public async Task Version_ThatThisProcessCannotUse_TheLastOneCountsHere()
    {
        var (with, without) = (Start(10, settings: "DAILY"), Start(10));
        await with.LookAsync();
        await without.LookAsync();

        await with.ChooseAsync(CatalogueProcess.Bundle(0, keySetting: "DAILY"));

        (await with.LookAsync(), await without.LookAsync()).ShouldBe((1, 10));
        without.Log.Lines.ShouldContain(line => line.Contains("the setting DAILY is needed", StringComparison.Ordinal));
        (await Start(10).AmountAsync()).ShouldBeNull("a new process does not serve by what was replaced");
    }

    public void Dispose() => _processes.ForEach(process => process.Dispose());

    private CatalogueProcess Start(int amount, TimeProvider? clock = null, FaultyTransport? transport = null, params string[] settings)
    {
        var process = new CatalogueProcess(azurite, _names, amount, clock, transport, settings);
        _processes.Add(process);
        return process;
    }

    /// <summary>One version for each content, numbered without gaps, each of them whole.</summary>
    private async Task ShouldBeSoundAsync(int count)
    {
        using var reader = new CatalogueProcess(azurite, _names, 1);
        var versions = await reader.VersionsAsync();
        versions.Select(version => version.Number).ShouldBe(Enumerable.Range(1, count).Reverse());
        versions.DistinctBy(version => version.Hash).Count().ShouldBe(count);
        foreach (var version in versions)
        {
            (await reader.Archive.FindAsync(version.Number, CancellationToken.None)).ShouldBe(version);
            (await reader.Archive.FindAsync(version.Hash, CancellationToken.None)).ShouldBe(version);
            (await reader.Archive.ReadAsync(version.Stored, CancellationToken.None))!.Hash.ShouldBe(version.Hash);
        }
    }

    private static async Task SurelyAsync(Func<Task> work)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                await work();
                return;
            }
            catch (IOException) when (tries < 50)
            {
                // Lost on the way: again.
            }
        }
    }

    private static bool IsBatch(Request request) => request.Uri.ToString().Contains("$batch", StringComparison.Ordinal);

    private static bool IsOf(Request request, params string[] texts)
    {
        using var body = new MemoryStream();
        request.Content!.WriteTo(body, CancellationToken.None);
        var text = System.Text.Encoding.UTF8.GetString(body.ToArray());
        return texts.All(part => text.Contains(part, StringComparison.Ordinal));
    }

    /// <summary>Text that does not pack.</summary>
    private static string Filler(int length)
    {
        var bytes = new byte[length * 3 / 4];
        new Random(7).NextBytes(bytes);
        return Convert.ToBase64String(bytes);
    }
}
