using Anomalies.Detecting;
using Contracts;

namespace Anomalies.Songs;

/// <summary>Finds songs that do not end.</summary>
internal sealed class LongSongDetector()
    : LimitDetector<SongPosted>(
        "LongSong",
        EventCatalog.MusicInfo,
        "Song duration",
        "s",
        song => song.SongDuration,
        limits => limits.SongMaxDuration,
        isMaximum: true
    );
