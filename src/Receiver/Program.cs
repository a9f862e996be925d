using Receiver;
using Receiver.Archive;
using Receiver.Batches;
using Receiver.Bids;
using Receiver.Health;
using Receiver.Listings;
using Receiver.Runs;
using Receiver.Songs;
using ServiceDefaults;

return await ServiceHost.RunAsync(
    args,
    ServiceIdentity.Receiver,
    arguments =>
    {
        var builder = ServiceHost.CreateBuilder(arguments);
        builder.AddServiceDefaults(ServiceIdentity.Receiver);
        builder.AddEventLog();
        builder.AddSubmissions();

        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapListings();
        app.MapBids();
        app.MapRuns();
        app.MapSongs();
        app.MapLiveness();
        app.MapBatches();
        app.MapArchive();
        return app;
    }
);
