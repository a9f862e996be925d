using Analyzer.Bids;
using Analyzer.Counts;
using Analyzer.Events;
using Analyzer.Listings;
using Analyzer.Persistence;
using Analyzer.Reading;
using Analyzer.Runs;
using Analyzer.Songs;
using Analyzer.Tail;
using Analyzer.Writing;
using ServiceDefaults;

namespace Analyzer;

/// <summary>Keeps an index of the topic: the n-th event, counts, where each event has come, and what comes now.</summary>
internal static class AnalyzerService
{
    public static WebApplication Build(string[] args)
    {
        var builder = ServiceHost.CreateBuilder(args);
        builder.AddServiceDefaults(ServiceIdentity.Analyzer);
        var database = builder.AddServiceDatabase<AnalyzerDb>(ServiceIdentity.Analyzer, "SELECT 1 FROM position_head LIMIT 0");
        builder.AddIndexInbox(database);
        builder.AddIndexReading();
        builder.AddEventTrace();
        builder.AddTail();

        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapInboxProgress();
        var systems = app.Services.GetRequiredService<EnabledSystems>();
        if (systems.RealEstate)
        {
            // At Runify's own port there is nothing of the real-estate system.
            var realEstate = app.MapGroup("").OnListener(ServiceListener.Main);
            realEstate.MapListings();
            realEstate.MapBids();
        }
        if (systems.Runify)
        {
            app.MapRuns();
            app.MapSongs();
        }
        app.MapStats();
        app.MapEvents();
        app.MapTail();
        app.MapSide(IndexInbox.Consumer, SideTable.OfPayloads("event_index", "event_id", "payload"));
        return app;
    }
}
