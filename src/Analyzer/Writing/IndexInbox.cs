using Analyzer.Persistence;
using Contracts;
using KafkaMySql;
using ServiceDefaults;

namespace Analyzer.Writing;

/// <summary>The reader that takes the topic into the index.</summary>
internal static class IndexInbox
{
    /// <summary>The reader's name, under which its progress is kept.</summary>
    public const string Consumer = "analyzer";

    public static void AddIndexInbox(this WebApplicationBuilder builder, ServiceDatabase database) =>
        builder.AddEventInbox(database, Consumer, ConsumerGroups.Analyzer, SetTables);

    /// <summary>Every type of the catalog is indexed, whatever systems are switched on.</summary>
    public static void SetTables(InboxOptions options)
    {
        options.Decoder = EventDecoder.Decode;
        foreach (var type in EventCatalog.All)
            options.Tables[type.Id] = new IndexTable(type);
    }
}
