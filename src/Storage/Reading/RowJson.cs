using System.Text.Json.Serialization;
using Storage.Bids;
using Storage.Listings;

namespace Storage.Reading;

/// <summary>How rows are written, made at build time.</summary>
[JsonSerializable(typeof(EventIdRow))]
[JsonSerializable(typeof(ListingRow))]
[JsonSerializable(typeof(BidRow))]
internal sealed partial class RowJson : JsonSerializerContext;
