using Contracts;
using TestSupport;

namespace Consistency.Tests;

/// <summary>Two Storages with the same rows, one in the part of the topic's reader, a log and statistics, and Consistency in front of them.</summary>
internal sealed class Deck : IAsyncDisposable
{
    public required StorageProcess Storage { get; init; }

    public required StorageProcess Queue { get; init; }

    public required ReceiverStub Receiver { get; init; }

    public required ConsistencyHost Check { get; init; }

    public static async Task<Deck> StartAsync(DatabaseServer server, params string[] settings)
    {
        var receiver = await ReceiverStub.StartAsync();
        var storage = StorageProcess.StartAsync(server);
        var queue = StorageProcess.StartAsync(server);
        await Task.WhenAll(storage, queue);
        return new Deck
        {
            Storage = await storage,
            Queue = await queue,
            Receiver = receiver,
            Check = await ConsistencyHost.StartAsync(
                server,
                (await storage).Url,
                (await queue).Url,
                receiver.Url,
                receiver.Processing,
                settings
            ),
        };
    }

    /// <summary>Events that went the whole way.</summary>
    public async Task AddAsync(int partition, params EventMessage[] messages)
    {
        Receiver.Append(partition, messages);
        Receiver.Counted = (
            Receiver.Counted.Listings + messages.OfType<ListingPosted>().Count(),
            Receiver.Counted.Bids + messages.OfType<BidPosted>().Count()
        );
        Receiver.RunifyCounted = (
            Receiver.RunifyCounted.Runs + messages.OfType<RunPosted>().Count(),
            Receiver.RunifyCounted.Songs + messages.OfType<SongPosted>().Count()
        );
        await Task.WhenAll(Storage.Rows.AddAsync(partition, messages), Queue.Rows.AddAsync(partition, messages));
    }

    public async ValueTask DisposeAsync()
    {
        await Check.DisposeAsync();
        await Task.WhenAll(Storage.DisposeAsync().AsTask(), Queue.DisposeAsync().AsTask());
        await Receiver.DisposeAsync();
    }
}
