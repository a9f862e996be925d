using System.Text.Json.Serialization;
using Storage.Bids;
using Storage.Listings;
using Storage.Runs;
using Storage.Songs;

namespace Storage.Reading;

/// <summary>How rows are written, made at build time.</summary>
[JsonSerializable(typeof(EventIdRow))]
[JsonSerializable(typeof(ListingRow))]
[JsonSerializable(typeof(BidRow))]
[JsonSerializable(typeof(TextIdRow))]
[JsonSerializable(typeof(RunRow))]
[JsonSerializable(typeof(SongRow))]
internal sealed partial class RowJson : JsonSerializerContext;
